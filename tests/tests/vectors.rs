//! The vectors kept for second implementations say what the code says.

#![cfg(test)]

use nectar_testkit::vectors::{
    Vectors, bundle::Whole, check, columns::Columns, dates::Dates, disclosure::Disclosure,
    headers::Headers, manifests::Manifests, merkle::Merkle, opening::Openings, path,
    policies::Policies, poseidon::Poseidon, queries::Queries, receipts::Receipts,
    transcript::Transcripts,
};
use std::collections::BTreeSet;

/// Most bytes of all files: small enough to be read, and the largest share is that of named negatives.
const MOST_BYTES: u64 = 384_000;

macro_rules! kept {
    ($($test:ident: $file:ty),* $(,)?) => {
        $(#[test]
        fn $test() {
            check::<$file>();
        })*

        /// Every file has a test, and all are small.
        #[test]
        fn no_file_is_missing_or_unused() {
            let known = [$(<$file>::FILE),*].map(String::from);
            let mut known = BTreeSet::from(known);
            known.extend(["bundle.nectar", "manifest.nectar", "receipt.nectar", "README.md"].map(String::from));
            let files = std::fs::read_dir(path("")).expect("the folder").map(|f| f.expect("a file"));
            let mut bytes = 0;
            let mut found = BTreeSet::new();
            for file in files {
                bytes += file.metadata().expect("a file").len();
                found.insert(file.file_name().to_string_lossy().into_owned());
            }
            assert_eq!(found, known);
            assert!(bytes <= MOST_BYTES, "{bytes} bytes, at most {MOST_BYTES}");
        }
    };
}

kept! {
    bundle: Whole,
    columns: Columns,
    dates: Dates,
    disclosure: Disclosure,
    headers: Headers,
    manifest: Manifests,
    merkle: Merkle,
    opening: Openings,
    policies: Policies,
    poseidon: Poseidon,
    queries: Queries,
    receipt: Receipts,
    transcript: Transcripts,
}
