//! Writes `tests/vectors/v1` anew; bundle, manifest and receipt only where they are missing.

use nectar_testkit::vectors::{
    bundle, columns, dates, disclosure, headers, manifests, merkle, opening, policies, poseidon,
    queries, receipts, transcript, write,
};

fn main() {
    bundle::ensure();
    manifests::ensure();
    receipts::ensure();
    write::<bundle::Whole>();
    write::<columns::Columns>();
    write::<dates::Dates>();
    write::<disclosure::Disclosure>();
    write::<headers::Headers>();
    write::<manifests::Manifests>();
    write::<merkle::Merkle>();
    write::<opening::Openings>();
    write::<policies::Policies>();
    write::<poseidon::Poseidon>();
    write::<queries::Queries>();
    write::<receipts::Receipts>();
    write::<transcript::Transcripts>();
}
