//! Writes `tests/vectors/v1` anew; the bundle only where it is missing.

use nectar_tests::vectors::{
    bundle, columns, dates, disclosure, headers, merkle, opening, policies, poseidon, queries,
    transcript, write,
};

fn main() {
    bundle::ensure();
    write::<bundle::Whole>();
    write::<columns::Columns>();
    write::<dates::Dates>();
    write::<disclosure::Disclosure>();
    write::<headers::Headers>();
    write::<merkle::Merkle>();
    write::<opening::Openings>();
    write::<policies::Policies>();
    write::<poseidon::Poseidon>();
    write::<queries::Queries>();
    write::<transcript::Transcripts>();
}
