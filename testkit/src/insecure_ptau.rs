//! Phase-1 files whose secrets everybody knows. INSECURE: whoever has tau forges any proof under keys made from them.
//!
//! Tests take them where no file of a real ceremony is small enough to be kept. Made from the scalars themselves, the
//! Lagrange forms that snarkjs's phase 2 begins with take seconds, where `snarkjs powersoftau prepare phase2`
//! transforms points for many minutes. `params/src/ptau.rs` has the format.

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, scalar_mul::BatchMulPreprocessing};
use ark_ff::{BigInteger, Field, PrimeField, UniformRand};
use ark_poly::{EvaluationDomain, Radix2EvaluationDomain};
use ark_std::rand::{SeedableRng, rngs::StdRng};

/// Name of the file's one contribution; the format allows 64 bytes.
pub const CONTRIBUTOR: &str = "INSECURE: tau, alpha, beta are known to everybody; tests only";

/// Sections with Lagrange forms: 1 to 7 and 12 to 15.
const SECTIONS: u32 = 11;
/// State of the hash of a contribution, which nothing that reads a prepared file looks at.
const HASH_STATE: usize = 216;
/// A BLAKE2b-512 digest.
const HASH: usize = 64;

/// The secrets, from a public seed.
struct Secrets {
    tau: Fr,
    alpha: Fr,
    beta: Fr,
}

/// The bytes of a file of 2^(power + 1) - 1 powers in G1, prepared for phase 2.
///
/// It reads as a prepared file does, and `snarkjs powersoftau verify` refuses it: its contribution states no hashes
/// and shows no knowledge of the secrets.
pub fn encode(power: u32) -> Vec<u8> {
    let secrets = Secrets::known();
    let lists = Lists::new(power, &secrets);
    let (g1, g2) = lists.points();
    let [tau, alpha, beta, lagrange, alpha_lagrange, beta_lagrange] = g1;
    let [tau_g2, beta_g2, lagrange_g2] = g2;
    let contribution = contribution([&tau[1], &alpha[0], &beta[0]], [&tau_g2[1], &beta_g2[0]]);
    let mut out = b"ptau".to_vec();
    out.extend(1u32.to_le_bytes());
    out.extend(SECTIONS.to_le_bytes());
    for (id, content) in [
        (1, header(power)),
        (2, tau.concat()),
        (3, tau_g2.concat()),
        (4, alpha.concat()),
        (5, beta.concat()),
        (6, beta_g2.concat()),
        (7, contribution),
        (12, lagrange.concat()),
        (13, lagrange_g2.concat()),
        (14, alpha_lagrange.concat()),
        (15, beta_lagrange.concat()),
    ] {
        section(&mut out, id, &content);
    }
    out
}

impl Secrets {
    fn known() -> Self {
        let mut rng = StdRng::seed_from_u64(20_260_615);
        let [tau, alpha, beta] = [(); 3].map(|()| Fr::rand(&mut rng));
        Secrets { tau, alpha, beta }
    }
}

/// The bytes of points, one by one.
type Points = Vec<Vec<u8>>;

/// What the points of the sections are multiples by of the generators.
struct Lists {
    g1: [Vec<Fr>; 6],
    g2: [Vec<Fr>; 3],
}

impl Lists {
    fn new(power: u32, secrets: &Secrets) -> Self {
        let times = |factor: Fr, list: &[Fr]| list.iter().map(|x| factor * x).collect::<Vec<_>>();
        let Secrets { tau, alpha, beta } = *secrets;
        let n = 1usize << power;
        let powers: Vec<Fr> = std::iter::successors(Some(Fr::ONE), |p| Some(*p * tau))
            .take(2 * n - 1)
            .collect();
        let low = &powers[..n];
        let levels: Vec<Fr> = (0..=power).flat_map(|p| lagrange(p, tau)).collect();
        let doubled = [levels.clone(), doubled(power + 1, tau)].concat();
        Lists {
            g1: [
                powers.clone(),
                times(alpha, low),
                times(beta, low),
                doubled,
                times(alpha, &levels),
                times(beta, &levels),
            ],
            g2: [low.to_vec(), vec![beta], levels],
        }
    }

    /// The points' bytes, list by list.
    fn points(&self) -> ([Points; 6], [Points; 3]) {
        let g1 = BatchMulPreprocessing::new(
            G1Affine::generator().into_group(),
            self.g1.iter().map(Vec::len).sum(),
        );
        let g2 = BatchMulPreprocessing::new(
            G2Affine::generator().into_group(),
            self.g2.iter().map(Vec::len).sum(),
        );
        let low = |list: &Vec<Fr>| g1.batch_mul(list).iter().map(low_point).collect();
        let high = |list: &Vec<Fr>| g2.batch_mul(list).iter().map(high_point).collect();
        (self.g1.each_ref().map(low), self.g2.each_ref().map(high))
    }
}

/// The Lagrange polynomials over the 2^p-th roots of unity, at tau.
fn lagrange(p: u32, tau: Fr) -> Vec<Fr> {
    domain(p).evaluate_all_lagrange_coefficients(tau)
}

/// The last forms of section 12, over twice as many roots as there are powers in the other sections. The file has one
/// power less than roots, tau^(N - 1) for N of them; when snarkjs prepares a file it takes that one for 0, and with it
/// tau^(N - 1) w^j / N of the j-th polynomial, w generating the roots. (The published files are cut from a larger one,
/// prepared before, and have the whole polynomials.) Keys are none the worse: the quotients that these points commit to
/// are of lower degree.
fn doubled(p: u32, tau: Fr) -> Vec<Fr> {
    let (forms, roots) = (lagrange(p, tau), domain(p));
    let last = tau.pow([(1u64 << p) - 1]) * roots.size_inv();
    let terms = forms.into_iter().zip(roots.elements());
    terms.map(|(form, root)| form - last * root).collect()
}

fn domain(p: u32) -> Radix2EvaluationDomain<Fr> {
    Radix2EvaluationDomain::new(1 << p).expect("at most 2^28 roots")
}

fn section(out: &mut Vec<u8>, id: u32, content: &[u8]) {
    out.extend(id.to_le_bytes());
    out.extend((content.len() as u64).to_le_bytes());
    out.extend(content);
}

/// Field size, prime, power, power of the ceremony.
fn header(power: u32) -> Vec<u8> {
    let mut out = 32u32.to_le_bytes().to_vec();
    out.extend(Fq::MODULUS.to_bytes_le());
    out.extend(power.to_le_bytes());
    out.extend(power.to_le_bytes());
    out
}

/// The one contribution: the state it leaves, and its name. What would show that somebody knew the secrets, and the
/// hashes, are zeros.
fn contribution(g1: [&Vec<u8>; 3], g2: [&Vec<u8>; 2]) -> Vec<u8> {
    let ([tau_g1, alpha, beta], [tau_g2, beta_g2]) = (g1, g2);
    let mut out = 1u32.to_le_bytes().to_vec();
    for point in [tau_g1, tau_g2, alpha, beta, beta_g2] {
        out.extend(point);
    }
    out.resize(out.len() + 6 * 64 + 3 * 128 + HASH_STATE + HASH, 0);
    // Type 0: no beacon. Then bytes of the parameters; parameter 1 is the name.
    out.extend(0u32.to_le_bytes());
    out.extend((2 + CONTRIBUTOR.len() as u32).to_le_bytes());
    out.extend([1, CONTRIBUTOR.len() as u8]);
    out.extend(CONTRIBUTOR.as_bytes());
    out
}

fn low_point(p: &G1Affine) -> Vec<u8> {
    coordinates([p.x, p.y])
}

fn high_point(p: &G2Affine) -> Vec<u8> {
    coordinates([p.x.c0, p.x.c1, p.y.c0, p.y.c1])
}

/// In Montgomery form, which is how arkworks holds them.
fn coordinates<const N: usize>(words: [Fq; N]) -> Vec<u8> {
    words.iter().flat_map(|x| x.0.to_bytes_le()).collect()
}
