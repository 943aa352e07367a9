//! The index proof: a column is well formed (protocol, section 7).

/// Sumcheck rounds K: as many as datasets have row variables at most.
pub const ROUNDS: usize = 26;

/// Binary digits of a code: columns have at most 2^12 codes.
pub const BITS: usize = 12;

/// Evaluations that the formula combines: of W, the vector R^code, and of each digit.
pub const SLOTS: usize = 1 + BITS;

/// Degree of a round polynomial: the summand is eq(theta, .) times pres times one factor a digit.
pub const DEGREE: usize = 2 + BITS;
