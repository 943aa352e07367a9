//! Section 10: the hash of the circuit's first key, and the contributions on top of it.

use super::{
    container::{Container, Rest},
    error::{Section, ZkeyError},
    record::Beacon,
};
use crate::point::Point;
use ark_bn254::{G1Affine, G2Affine};
use std::ops::RangeInclusive;

/// Three points in G1, one in G2, transcript, type, length of the parameters.
const LEAST_BYTES: usize = 3 * 64 + 128 + 64 + 4 + 4;
/// Most characters of a name; snarkjs cuts names to as many.
const NAME_CHARACTERS: usize = 64;
/// How often a beacon may be hashed: snarkjs's least, and what takes minutes.
const EXPONENTS: RangeInclusive<u8> = 10..=32;

/// Everything section 10 holds.
#[derive(Debug, Clone)]
pub(super) struct Contributions {
    /// Hash of the key that the first contribution was made on.
    pub start: [u8; 64],
    pub list: Vec<Contribution>,
}

/// A contribution of a secret s.
#[derive(Debug, Clone)]
pub(super) struct Contribution {
    /// delta after it.
    pub delta: G1Affine,
    /// Any point, and s times it.
    pub public_g1: [G1Affine; 2],
    /// s times the point that the transcript gives.
    pub public_g2: G2Affine,
    /// Hash of all contributions before and of `public_g1`.
    pub transcript: [u8; 64],
    pub name: String,
    pub beacon: Option<Beacon>,
}

impl Contributions {
    pub fn read(file: &Container) -> Result<Self, ZkeyError> {
        let content = file.section(Section::Contributions);
        let mut rest = Rest::new(content);
        let (start, count) = (rest.array(), rest.u32().unwrap_or_default());
        let unfilled = ZkeyError::Contributions {
            count,
            length: content.len(),
        };
        let start = start.ok_or(unfilled.clone())?;
        // The last contribution's end is where the section's has to be; each takes bytes, so the count is bounded.
        let list: Result<_, _> = (1..=count as usize)
            .map(|number| Contribution::read(&mut rest, number, &unfilled))
            .collect();
        let list = list?;
        if rest.is_empty() {
            Ok(Contributions { start, list })
        } else {
            Err(unfilled)
        }
    }
}

impl Contribution {
    fn read(rest: &mut Rest, number: usize, unfilled: &ZkeyError) -> Result<Self, ZkeyError> {
        let head = rest.take(LEAST_BYTES).ok_or(unfilled.clone())?;
        let mut head = Rest::new(head);
        let contribution = Contribution {
            delta: point(&mut head, number)?,
            public_g1: [point(&mut head, number)?, point(&mut head, number)?],
            public_g2: point(&mut head, number)?,
            transcript: head.array().ok_or(unfilled.clone())?,
            name: String::new(),
            beacon: None,
        };
        let (kind, length) = head.u32().zip(head.u32()).ok_or(unfilled.clone())?;
        let parameters = rest.take(length as usize).ok_or(unfilled.clone())?;
        contribution.with(parameters, kind, number)
    }

    /// Adds the name, and what a beacon has.
    fn with(self, parameters: &[u8], kind: u32, number: usize) -> Result<Self, ZkeyError> {
        let Parameters {
            name,
            exponent,
            hash,
        } = Parameters::read(parameters).ok_or(ZkeyError::Parameters { number })?;
        let name = name.unwrap_or_default();
        let got = name.chars().count();
        if got > NAME_CHARACTERS {
            return Err(ZkeyError::Name { number, got });
        }
        let beacon = match (kind, exponent, hash) {
            (0, None, None) => None,
            (1, Some(exponent), Some(hash)) => Some(Beacon {
                hash: hash.to_vec().into(),
                exponent,
            }),
            (0 | 1, ..) => return Err(ZkeyError::Parameters { number }),
            (got, ..) => return Err(ZkeyError::Kind { number, got }),
        };
        match exponent {
            Some(got) if !EXPONENTS.contains(&got) => Err(ZkeyError::Exponent { number, got }),
            _ => Ok(Contribution {
                name: name.into(),
                beacon,
                ..self
            }),
        }
    }
}

fn point<P: Point>(rest: &mut Rest, number: usize) -> Result<P, ZkeyError> {
    let bytes = rest.take(P::BYTES).unwrap_or_default();
    P::read(bytes).map_err(|error| ZkeyError::Point {
        section: Section::Contributions,
        index: number - 1,
        error,
    })
}

/// What comes with a contribution, each behind its number, which rise.
#[derive(Default)]
struct Parameters<'a> {
    /// 1: length, text.
    name: Option<&'a str>,
    /// 2: a byte.
    exponent: Option<u8>,
    /// 3: length, bytes.
    hash: Option<&'a [u8]>,
}

impl<'a> Parameters<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut rest = Rest::new(bytes);
        let (mut out, mut last) = (Parameters::default(), 0);
        while let Some(id) = rest.u8() {
            match id {
                _ if id <= last => return None,
                1 => out.name = Some(str::from_utf8(counted(&mut rest)?).ok()?),
                2 => out.exponent = Some(rest.u8()?),
                3 => out.hash = Some(counted(&mut rest).filter(|hash| !hash.is_empty())?),
                _ => return None,
            }
            last = id;
        }
        Some(out)
    }
}

/// Bytes behind their number.
fn counted<'a>(rest: &mut Rest<'a>) -> Option<&'a [u8]> {
    let count = rest.u8()?;
    rest.take(count.into())
}
