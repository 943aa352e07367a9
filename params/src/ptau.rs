//! The `.ptau` file of a phase-1 ceremony (powers of tau), as snarkjs writes it: read once, from its first byte to its
//! last, every byte hashed and every point and relation checked.
//!
//! The file is "ptau", u32 version, u32 number of sections, and per section u32 id, u64 length, content; integers are
//! little-endian. Source: `src/powersoftau_*.js` of <https://github.com/iden3/snarkjs>. Sections 2 to 6 hold powers;
//! 12 to 15, if present, their Lagrange forms, which nothing here uses and only the digest covers.

pub(crate) mod error;
mod published;
mod source;

pub use error::{PtauError, Section};
pub use published::{PUBLISHED, Published};

use crate::{
    neighbours::same_ratio,
    phase1::Powers,
    srs::{BITS, RawSrs, Srs},
};
use alloy_primitives::B512;
use ark_bn254::{Fq, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInteger, PrimeField};
use source::{List, Source};
use std::{io::Read, ops::RangeInclusive};

/// The only version there is.
const VERSION: u32 = 1;
/// Sections 1 to 7, and up to four Lagrange forms.
const SECTIONS: RangeInclusive<u32> = 7..=11;
/// Ids of the Lagrange forms.
const LAGRANGE: RangeInclusive<u32> = 12..=15;
/// Powers a file may have; 28 is the largest BN254's scalar field has domains for.
const POWERS: RangeInclusive<u32> = 1..=28;
/// n8, prime, power, power of the ceremony.
const HEADER_BYTES: u64 = 4 + 32 + 4 + 4;
/// The least bytes of a contribution: 11 points in G1, 5 in G2, states and hashes, no parameters.
const CONTRIBUTION_BYTES: u64 = 8 * 64 + 3 * 128 + 64 + 2 * 128 + 216 + 64 + 4 + 4;

/// What a file holds, all points and relations checked.
#[derive(Debug, Clone)]
pub struct Ptau {
    /// The powers that openings need, for segments of up to 2^min(`power`, 16) rows.
    pub srs: Srs,
    /// BLAKE2b-512 of the whole file.
    pub digest: B512,
    /// The file has 2^(power + 1) - 1 powers in G1.
    pub power: u8,
    /// Contributions, beacons included, as the file states them; they are not verified one by one.
    pub contributions: u32,
}

/// Reads a file and checks everything but whose it is; `progress` is told how many bytes are done.
///
/// Sections are never in memory whole, but for the powers that are kept.
///
/// # Errors
/// [`PtauError`]: bytes, points, relations, I/O.
pub fn read(source: impl Read, progress: &dyn Fn(u64)) -> Result<Ptau, PtauError> {
    // The smallest domain keeps no powers beyond those of the SRS.
    read_for_phase2(source, 0, progress).map(|(ptau, _)| ptau)
}

/// [`read`], with the powers that keys of circuits with a domain of size 2^`bits` are made of.
///
/// # Errors
/// As [`read`]; the file serves no domain of this size.
pub fn read_for_phase2(
    source: impl Read,
    bits: u8,
    progress: &dyn Fn(u64),
) -> Result<(Ptau, Powers), PtauError> {
    let mut source = Source::new(source, progress);
    let sections = preamble(&mut source)?;
    let power = header(&mut source)?;
    if bits > power {
        let (got, want) = (power, bits);
        return Err(PtauError::Domain { got, want });
    }
    let lists = Lists::read(&mut source, power, bits)?;
    let contributions = contributions(&mut source)?;
    lagrange(&mut source, sections - SECTIONS.start())?;
    let digest = source.end()?;
    lists.check()?;
    let ptau = Ptau {
        srs: lists.srs(power)?,
        digest,
        power,
        contributions,
    };
    Ok((ptau, lists.powers(bits)))
}

/// Reads up to the first section; gives the number of sections.
fn preamble(source: &mut Source<impl Read>) -> Result<u32, PtauError> {
    if source.array()? != *b"ptau" {
        return Err(PtauError::Magic);
    }
    match source.u32()? {
        VERSION => {}
        got => return Err(PtauError::Version { got }),
    }
    let got = source.u32()?;
    SECTIONS
        .contains(&got)
        .then_some(got)
        .ok_or(PtauError::Sections { got })
}

/// Reads section 1; gives the power, which serves segments of at least the smallest size.
fn header(source: &mut Source<impl Read>) -> Result<u8, PtauError> {
    source.section(Section::Header, HEADER_BYTES)?;
    let (size, prime) = (source.u32()?, source.array::<32>()?);
    if size != 32 || prime[..] != Fq::MODULUS.to_bytes_le() {
        return Err(PtauError::Curve);
    }
    let (got, ceremony) = (source.u32()?, source.u32()?);
    if !POWERS.contains(&ceremony) || !(1..=ceremony).contains(&got) {
        return Err(PtauError::Power { got, ceremony });
    }
    u8::try_from(got)
        .ok()
        .filter(|power| power >= BITS.start())
        .ok_or(PtauError::Small { got })
}

/// Reads section 7; gives the number of contributions.
fn contributions(source: &mut Source<impl Read>) -> Result<u32, PtauError> {
    let length = source.any_section(Section::Contributions.id())?;
    let count = source.u32()?;
    let least = 4 + u64::from(count) * CONTRIBUTION_BYTES;
    if count == 0 || length < least {
        return Err(PtauError::Contributions { count, length });
    }
    source.skip(length - 4)?;
    Ok(count)
}

/// Passes over the Lagrange forms, whose ids rise.
fn lagrange(source: &mut Source<impl Read>, count: u32) -> Result<(), PtauError> {
    let mut wanted = LAGRANGE;
    for _ in 0..count {
        let (id, length) = source.next_section()?;
        if !wanted.contains(&id) {
            return Err(PtauError::Lagrange { got: id });
        }
        wanted = id + 1..=*LAGRANGE.end();
        source.skip(length)?;
    }
    Ok(())
}

/// Sections 2 to 6: the powers that are kept, and the relations of all.
struct Lists {
    tau_g1: List<G1Affine>,
    tau_g2: List<G2Affine>,
    alpha: List<G1Affine>,
    beta: List<G1Affine>,
    beta_g2: List<G2Affine>,
}

impl Lists {
    /// Keeps what the SRS and phase 2 for a domain of size 2^`bits` need; `bits` is at most `power`.
    fn read(source: &mut Source<impl Read>, power: u8, bits: u8) -> Result<Self, PtauError> {
        let (count, n) = (1u64 << power, 1usize << bits);
        let tau_g1 = (2 * n - 1).max(srs_powers(power));
        Ok(Lists {
            tau_g1: source.list(Section::TauG1, 2 * count - 1, tau_g1)?,
            tau_g2: source.list(Section::TauG2, count, n.max(2))?,
            alpha: source.list(Section::AlphaTauG1, count, n)?,
            beta: source.list(Section::BetaTauG1, count, n)?,
            beta_g2: source.list(Section::BetaG2, 1, 1)?,
        })
    }

    /// Checks that all are powers of one tau, times 1, alpha or beta.
    fn check(&self) -> Result<(), PtauError> {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        let (tau_g1, tau_g2) = (self.tau_g1.kept[1], self.tau_g2.kept[1]);
        let beta = same_ratio([g1, self.beta.kept[0]], [g2, self.beta_g2.kept[0]]);
        let holds = [
            (Section::TauG1, self.tau_g1.kept[0] == g1),
            (Section::TauG2, self.tau_g2.kept[0] == g2),
            (Section::TauG1, self.tau_g1.neighbours.rise_by(tau_g2)),
            (Section::TauG2, self.tau_g2.neighbours.rise_by(tau_g1)),
            (Section::AlphaTauG1, self.alpha.neighbours.rise_by(tau_g2)),
            (Section::BetaTauG1, self.beta.neighbours.rise_by(tau_g2)),
            (Section::BetaG2, beta),
        ];
        if let Some((section, _)) = holds.into_iter().find(|(_, holds)| !holds) {
            return Err(PtauError::Relation { section });
        }
        if tau_g1 == g1 || tau_g1 == -g1 {
            return Err(PtauError::Trivial);
        }
        Ok(())
    }

    /// What openings need.
    fn srs(&self, power: u8) -> Result<Srs, PtauError> {
        let low = self.tau_g1.kept[..srs_powers(power)].to_vec();
        let srs = RawSrs::new(srs_bits(power), low, self.tau_g2.kept[1]).checked();
        srs.map_err(|_| PtauError::Relation {
            section: Section::TauG1,
        })
    }

    /// What phase 2 needs.
    fn powers(self, bits: u8) -> Powers {
        let n = 1usize << bits;
        let (mut tau_g1, mut tau_g2) = (self.tau_g1.kept, self.tau_g2.kept);
        tau_g1.truncate(2 * n - 1);
        tau_g2.truncate(n);
        Powers {
            bits,
            tau_g1,
            tau_g2,
            alpha_g1: self.alpha.kept,
            beta_g1: self.beta.kept,
            beta_g2: self.beta_g2.kept[0],
        }
    }
}

/// Bits of the largest segment that the SRS of a file serves.
fn srs_bits(power: u8) -> u8 {
    power.min(*BITS.end())
}

/// Powers of that SRS in G1.
fn srs_powers(power: u8) -> usize {
    (1 << srs_bits(power)) + 1
}
