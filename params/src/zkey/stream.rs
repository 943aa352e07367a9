//! Field elements and points as snarkjs draws them of a hash: with ChaCha20, whose key is its first 32 bytes, read
//! as eight big-endian words. Source: `src/keypair.js` of <https://github.com/iden3/snarkjs> and `src/chacha.js`,
//! `src/wasm_field1.js`, `src/wasm_curve.js` of <https://github.com/iden3/ffjavascript>.

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInt, Fp256, MontBackend, MontConfig};
use ark_std::rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// The bits of the highest limb that a number of 254 bits, as BN254's primes are, has.
const TOP_LIMB: u64 = u64::MAX >> 2;

/// A stream of elements.
pub(super) struct Stream(ChaCha20Rng);

impl Stream {
    /// Begins the stream of a hash.
    pub fn new(hash: &[u8; 32]) -> Self {
        let mut seed = *hash;
        // The cipher takes little-endian words.
        seed.as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|w| w.reverse());
        Stream(ChaCha20Rng::from_seed(seed))
    }

    /// The next scalar.
    pub fn scalar(&mut self) -> Fr {
        self.field()
    }

    /// The next point of G1.
    pub fn g1(&mut self) -> G1Affine {
        loop {
            let (x, greatest) = (self.field(), self.bit());
            if let Some(point) = G1Affine::get_point_from_x_unchecked(x, greatest) {
                return point;
            }
        }
    }

    /// The next point of G2.
    pub fn g2(&mut self) -> G2Affine {
        loop {
            let x: [Fq; 2] = [self.field(), self.field()];
            let (x, greatest) = (Fq2::new(x[0], x[1]), self.bit());
            if let Some(point) = G2Affine::get_point_from_x_unchecked(x, greatest) {
                return point.mul_by_cofactor();
            }
        }
    }

    /// The next element whose Montgomery form is below the field's order, of numbers of 254 bits.
    fn field<T: MontConfig<4>>(&mut self) -> Fp256<MontBackend<T, 4>> {
        loop {
            let [a, b, c, d] = [(); 4].map(|()| self.limb());
            let montgomery = BigInt([a, b, c, d & TOP_LIMB]);
            if montgomery < T::MODULUS {
                return Fp256::new_unchecked(montgomery);
            }
        }
    }

    /// Two words, the higher one first.
    fn limb(&mut self) -> u64 {
        let [high, low] = [(); 2].map(|()| u64::from(self.0.next_u32()));
        high << 32 | low
    }

    fn bit(&mut self) -> bool {
        self.0.next_u32() & 1 == 1
    }
}
