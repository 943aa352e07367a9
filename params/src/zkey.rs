//! Keys in: the `.zkey` file of a Groth16 key that snarkjs made in a ceremony, checked completely against the circuit's
//! constraints and the powers of tau.
//!
//! The file is "zkey", u32 version, u32 number of sections, and per section u32 id, u64 length, content; integers are
//! little-endian. Source: `src/zkey_*.js` of <https://github.com/iden3/snarkjs>. [`read`] gives a [`RawZkey`], whose
//! bytes are right: every number canonical, every point in its group. [`RawZkey::check`] gives a [`Zkey`], which is a
//! right key of the circuit: its matrices, all of its points, and the contributions that made its delta, every one of
//! them.
//!
//! What ties the contributions to this circuit is the hash of its first key alone, which begins their transcript. The
//! caller has to know it, from a first key of their own making: were it taken as the file states it, honest
//! contributions to another circuit would pass, whose key could hold the points of public inputs over the same delta,
//! and with those anybody changes the public inputs of a proof.
//!
//! Not checked is whether the contributors are who their names say: they know the hashes of their contributions.

mod chain;
mod coefficients;
mod container;
mod contribution;
mod equations;
pub(crate) mod error;
mod header;
mod record;
mod stream;

pub use error::{Section, ZkeyError};
pub use record::{Beacon, Contribution, Phase2};

use crate::phase1::Powers;
use alloy_primitives::B512;
use ark_bn254::{Bn254, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_groth16::{ProvingKey, VerifyingKey};
use blake2::{Blake2b512, Digest};
use coefficients::Coefficient;
use container::Container;
use contribution::Contributions;
use header::Header;
use nectar_circuits::r1cs::R1cs;

/// A key as read from a file: points in their groups, nothing known of what they are.
#[derive(Debug, Clone)]
pub struct RawZkey {
    blake2b: B512,
    header: Header,
    ic: Vec<G1Affine>,
    coefficients: Vec<Coefficient>,
    a: Vec<G1Affine>,
    b_g1: Vec<G1Affine>,
    b_g2: Vec<G2Affine>,
    l: Vec<G1Affine>,
    h: Vec<G1Affine>,
    contributions: Contributions,
}

/// A key of a circuit, all of it checked, in the form that [`OddCoset`](crate::qap::OddCoset) proves with.
#[derive(Debug, Clone)]
pub struct Zkey {
    key: ProvingKey<Bn254>,
    record: Phase2,
}

/// Reads a key file. What is allocated is bounded by its length.
///
/// # Errors
/// [`ZkeyError`]: the container, sizes, numbers, points.
pub fn read(bytes: &[u8]) -> Result<RawZkey, ZkeyError> {
    let file = Container::new(bytes)?;
    let header = Header::read(&file)?;
    let sizes = header.sizes;
    let variables = sizes.variables;
    Ok(RawZkey {
        blake2b: B512::from_slice(&Blake2b512::digest(bytes)),
        header,
        ic: file.points(Section::Ic, sizes.inputs)?,
        coefficients: coefficients::read(&file)?,
        // A variable that does not occur in a matrix has the polynomial 0 there.
        a: file.points_or_identity(Section::A, variables)?,
        b_g1: file.points_or_identity(Section::B1, variables)?,
        b_g2: file.points_or_identity(Section::B2, variables)?,
        l: file.points_or_identity(Section::L, variables - sizes.inputs)?,
        h: file.points(Section::H, sizes.domain())?,
        contributions: Contributions::read(&file)?,
    })
}

impl RawZkey {
    /// Checks that this is a key of a circuit, made with these powers, and that every contribution is sound.
    ///
    /// The powers have to be of the ceremony that the key was made with; the size of its file does not matter.
    ///
    /// `circuit_hash` is the hash of the circuit's first key, which `snarkjs zkey new` prints.
    ///
    /// # Errors
    /// [`ZkeyError`]: the first rule that does not hold.
    pub fn check(
        mut self,
        r1cs: &R1cs,
        powers: &Powers,
        circuit_hash: B512,
    ) -> Result<Zkey, ZkeyError> {
        self.check_sizes(r1cs, powers)?;
        coefficients::check(std::mem::take(&mut self.coefficients), r1cs)?;
        self.check_header(powers)?;
        let Header {
            delta_g1, delta_g2, ..
        } = self.header;
        let got = B512::from(self.contributions.start);
        if got != circuit_hash {
            let want = circuit_hash.into();
            return Err(ZkeyError::CircuitHash { got, want });
        }
        let contributions = chain::check(&self.contributions, delta_g1, delta_g2)?;
        equations::check(&self, r1cs, powers)?;
        let record = Phase2 {
            blake2b: self.blake2b,
            circuit_hash,
            contributions,
        };
        Ok(Zkey {
            key: self.into_key(),
            record,
        })
    }

    fn check_sizes(&self, r1cs: &R1cs, powers: &Powers) -> Result<(), ZkeyError> {
        let sizes = self.header.sizes;
        let (got, want) = (sizes.variables, r1cs.variables());
        if got != want {
            return Err(ZkeyError::Variables { got, want });
        }
        let (got, want) = (sizes.inputs, r1cs.num_inputs);
        if got != want {
            return Err(ZkeyError::PublicInputs { got, want });
        }
        let (got, want) = (sizes.domain(), r1cs.domain_size());
        if got != want {
            return Err(ZkeyError::DomainSize { got, want });
        }
        let (got, want) = (powers.bits, sizes.domain_bits);
        if got != want {
            return Err(ZkeyError::Powers { got, want });
        }
        Ok(())
    }

    fn check_header(&self, powers: &Powers) -> Result<(), ZkeyError> {
        let Header {
            alpha_g1,
            beta_g1,
            beta_g2,
            gamma_g2,
            ..
        } = self.header;
        if powers.alpha_g1.first() != Some(&alpha_g1) {
            return Err(ZkeyError::Alpha);
        }
        if powers.beta_g1.first() != Some(&beta_g1) {
            return Err(ZkeyError::BetaG1);
        }
        if powers.beta_g2 != beta_g2 {
            return Err(ZkeyError::BetaG2);
        }
        if gamma_g2 != G2Affine::generator() {
            return Err(ZkeyError::Gamma);
        }
        Ok(())
    }

    fn into_key(self) -> ProvingKey<Bn254> {
        let header = self.header;
        ProvingKey {
            vk: VerifyingKey {
                alpha_g1: header.alpha_g1,
                beta_g2: header.beta_g2,
                gamma_g2: header.gamma_g2,
                delta_g2: header.delta_g2,
                gamma_abc_g1: self.ic,
            },
            beta_g1: header.beta_g1,
            delta_g1: header.delta_g1,
            a_query: self.a,
            b_g1_query: self.b_g1,
            b_g2_query: self.b_g2,
            h_query: self.h,
            l_query: self.l,
        }
    }
}

impl Zkey {
    /// The key in arkworks' form: gamma is the generator, and there are as many H points as the domain has elements.
    pub fn key(&self) -> &ProvingKey<Bn254> {
        &self.key
    }

    /// The key and what is kept of its file.
    pub fn into_parts(self) -> (ProvingKey<Bn254>, Phase2) {
        (self.key, self.record)
    }

    /// What is kept of its file.
    pub fn record(&self) -> &Phase2 {
        &self.record
    }
}
