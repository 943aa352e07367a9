//! The zero-check of section 7 over plain vectors of field elements, term by term: whole tables of rows, round
//! polynomials by multiplication of their linear factors, and nothing of the engine but the sponge.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, Field, One};
use nectar_circuits::poseidon::PoseidonTranscript;
use nectar_engine::dishonest::Scan;
use nectar_verifier::{
    circuit::index::{BITS, DEGREE, ROUNDS},
    index::IndexChallenges,
};

/// A polynomial, least coefficient first.
type Poly = Vec<Fr>;

/// The vectors of one column, each over all 2^m rows of its segments, well formed or not.
#[derive(Debug, Clone)]
pub struct Vectors {
    /// Presence: one for the rows that exist.
    pub presence: Vec<Fr>,
    /// A_1, A_2, ..
    pub thermometer: Vec<Vec<Fr>>,
    /// beta_0, beta_1, ..
    pub digits: Vec<Vec<Fr>>,
}

impl Vectors {
    /// The vectors of honest codes: `steps` index vectors and `digits` digits over 2^`row_bits` rows.
    pub fn of(codes: &[u16], steps: u16, digits: u8, row_bits: u32) -> Self {
        let vector = |holds: &dyn Fn(u16) -> bool| -> Vec<Fr> {
            let mut rows: Vec<Fr> = codes.iter().map(|c| Fr::from(holds(*c))).collect();
            rows.resize(1 << row_bits, Fr::ZERO);
            rows
        };
        Vectors {
            presence: vector(&|_| true),
            thermometer: (1..=steps).map(|t| vector(&|c| c >= t)).collect(),
            digits: (0..digits).map(|b| vector(&|c| c >> b & 1 == 1)).collect(),
        }
    }

    /// W = A_0 + sum_{t>=1} (R^t - R^{t-1}) A_t, row by row.
    fn codes(&self, code: Fr) -> Vec<Fr> {
        let power = |t: u64| code.pow([t]);
        let steps: Vec<Fr> = (1..)
            .map(|t| power(t) - power(t - 1))
            .take(self.thermometer.len())
            .collect();
        let sum = |row: usize| -> Fr {
            let terms = self.thermometer.iter().zip(&steps);
            terms.map(|(a, step)| *step * a[row]).sum()
        };
        let presence = self.presence.iter().enumerate();
        presence.map(|(row, present)| *present + sum(row)).collect()
    }
}

fn times(a: &[Fr], b: &[Fr]) -> Poly {
    let mut product = vec![Fr::ZERO; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            product[i + j] += *x * y;
        }
    }
    product
}

fn plus(mut a: Poly, b: &[Fr], weight: Fr) -> Poly {
    a.resize(a.len().max(b.len()), Fr::ZERO);
    a.iter_mut().zip(b).for_each(|(a, b)| *a += weight * b);
    a
}

/// The value of a polynomial.
fn at(poly: &[Fr], x: Fr) -> Fr {
    poly.iter().rev().fold(Fr::ZERO, |sum, c| sum * x + c)
}

/// Tables over the rows that are left: eq(theta, .), presence, W, and the digits.
struct Tables(Vec<Vec<Fr>>);

impl Tables {
    fn new(vectors: &Vectors, challenges: &IndexChallenges) -> Self {
        let bits = vectors.presence.len().ilog2();
        let coordinate = |j: u32| challenges.zero.pow([1 << j]);
        let chosen = |row: usize, j: u32| match row >> j & 1 {
            1 => coordinate(j),
            _ => Fr::one() - coordinate(j),
        };
        let eq = |row| (0..bits).map(|j| chosen(row, j)).product();
        let mut tables = vec![
            (0..vectors.presence.len()).map(eq).collect(),
            vectors.presence.clone(),
            vectors.codes(challenges.code),
        ];
        tables.extend(vectors.digits.iter().cloned());
        Tables(tables)
    }

    fn rows(&self) -> usize {
        self.0[0].len()
    }

    /// Doubles the single row that is left; past the first 2^m rows there is nothing.
    fn extend(&mut self, theta: Fr) {
        for (i, table) in self.0.iter_mut().enumerate() {
            let only = table[0];
            *table = match i {
                0 => vec![only * (Fr::one() - theta), only * theta],
                _ => vec![only, Fr::ZERO],
            };
        }
    }

    /// Each table between two neighbouring rows, as a line.
    fn lines(&self, pair: usize) -> Vec<Poly> {
        let line = |t: &Vec<Fr>| vec![t[2 * pair], t[2 * pair + 1] - t[2 * pair]];
        self.0.iter().map(line).collect()
    }

    fn bind(&mut self, r: Fr) {
        let pairs = 0..self.rows() / 2;
        let bound = |i: usize| -> Vec<Fr> {
            let table = &self.0[i];
            let value = |p: usize| at(&[table[2 * p], table[2 * p + 1] - table[2 * p]], r);
            pairs.clone().map(value).collect()
        };
        self.0 = (0..self.0.len()).map(bound).collect();
    }
}

/// eq (W - pres prod_b (1 + beta_b (R^{2^b} - 1)) + sum_b gamma^{b+1} (beta_b^2 - beta_b)) of lines.
fn summand(lines: &[Poly], challenges: &IndexChallenges) -> Poly {
    let (eq, presence, codes, digits) = (&lines[0], &lines[1], &lines[2], &lines[3..]);
    let mut power = presence.clone();
    let mut sum = codes.clone();
    for (b, digit) in (0u64..).zip(digits) {
        let step = challenges.code.pow([1 << b]) - Fr::one();
        power = times(&power, &plus(vec![Fr::one()], digit, step));
        let bent = plus(times(digit, digit), digit, -Fr::one());
        sum = plus(sum, &bent, challenges.batch.pow([b + 1]));
    }
    times(eq, &plus(sum, &power, -Fr::one()))
}

/// The summand without its weight, of evaluations: those of W and the digits.
pub fn value(presence: Fr, evaluations: &[Fr], challenges: &IndexChallenges) -> Fr {
    let known = [Fr::one(), presence].into_iter();
    let lines: Vec<Poly> = known
        .chain(evaluations.iter().copied())
        .map(|v| vec![v])
        .collect();
    summand(&lines, challenges)[0]
}

/// Runs the zero-check from a sponge in its first state. The messages are those of the true round polynomials, also
/// where these do not sum to zero.
pub fn zero_check(
    vectors: &Vectors,
    challenges: &IndexChallenges,
    sponge: &PoseidonTranscript,
) -> Scan {
    let (mut tables, mut sponge) = (Tables::new(vectors, challenges), sponge.clone());
    let coordinate = |j: usize| challenges.zero.pow([1 << j]);
    let row_bits = vectors.presence.len().ilog2() as usize;
    let (mut messages, mut point) = (vec![], vec![]);
    for j in 0..ROUNDS {
        if tables.rows() == 1 {
            tables.extend(coordinate(j));
        }
        // Variables that are in no table yet are 0.
        let later = row_bits.max(j + 1)..ROUNDS;
        let later: Fr = later.map(|i| Fr::one() - coordinate(i)).product();
        let pairs = 0..tables.rows() / 2;
        let add = |sum, pair| plus(sum, &summand(&tables.lines(pair), challenges), later);
        let mut message = pairs.fold(vec![], add);
        message.resize(DEGREE + 1, Fr::ZERO);
        message.remove(1);
        let r = sponge.challenge(&message);
        tables.bind(r);
        messages.push(message);
        point.push(r);
    }
    let mut evaluations: Vec<Fr> = tables.0[2..].iter().map(|t| t[0]).collect();
    evaluations.resize(1 + BITS, Fr::ZERO);
    Scan {
        messages,
        point,
        evaluations,
    }
}
