//! The ceremony of docs/ceremony.md: two contributors and a beacon.

use crate::{Context, read, snarkjs::Snarkjs, write};
use alloy_primitives::B512;
use ark_bn254::{Bn254, Fr};
use ark_groth16::Proof;
use nectar_circuits::r1cs::R1cs;
use nectar_params::{
    phase1::Powers,
    phase2::Files,
    r1cs::encode,
    zkey::{self, ZkeyError},
};
use nectar_testkit::exchange;
use std::path::{Path, PathBuf};
pub use zkey::Zkey as Imported;

/// The beacon. A real one is a value nobody could know before the last contribution; here it is a constant.
pub const BEACON: &str = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
/// 2^10 iterations, the least that snarkjs takes.
pub const ITERATIONS: &str = "10";
/// Names of the contributors, and what they contribute. A real contributor draws it and forgets it; keys of this test
/// are trusted by nobody, and snarkjs mixes it with randomness of the system, so that fixed text takes nothing away
/// that the test would need.
pub const CONTRIBUTORS: [(&str, &str); 2] = [
    ("first contributor", "entropy of a test, known to everybody"),
    ("second contributor", "more of it, also known to everybody"),
];
/// Name of the beacon's entry.
pub const BEACON_NAME: &str = "beacon";

/// A ceremony that has been run.
pub struct Phase2 {
    folder: PathBuf,
    /// The key that comes out of it.
    pub key: PathBuf,
    /// The hash of the first key, as snarkjs printed it.
    pub circuit_hash: B512,
    /// Digests of the contributions and the beacon, as snarkjs printed them, in hexadecimal.
    pub hashes: Vec<String>,
}

impl Phase2 {
    /// Runs it for a circuit over a phase-1 file, and lets snarkjs verify all of it.
    ///
    /// # Panics
    /// snarkjs refuses anything.
    pub fn run(context: &Context, name: &str, r1cs: &R1cs, ptau: &Path) -> Self {
        let folder = context.subfolder(name);
        let ptau = ptau.to_str().expect("a path in UTF-8");
        let snarkjs = |arguments: &[&str]| context.snarkjs.succeed(&folder, arguments);
        write(&folder.join("circuit.r1cs"), encode(r1cs));
        let text = snarkjs(&["zkey", "new", "circuit.r1cs", ptau, "0.zkey"]);
        let circuit_hash = hash(&text, "Circuit hash:").parse().expect("a hash");
        let mut hashes = vec![];
        for (i, (name, entropy)) in CONTRIBUTORS.iter().enumerate() {
            let [old, new] = [i, i + 1].map(|i| format!("{i}.zkey"));
            let [name, entropy] = [format!("--name={name}"), format!("-e={entropy}")];
            let text = snarkjs(&["zkey", "contribute", &old, &new, &name, &entropy]);
            hashes.push(hash(&text, "Contribution Hash:"));
        }
        let name = format!("--name={BEACON_NAME}");
        let beacon = ["zkey", "beacon", "2.zkey", "final.zkey", BEACON, ITERATIONS];
        let text = snarkjs(&[&beacon[..], &[&name]].concat());
        hashes.push(hash(&text, "Contribution Hash:"));
        let text = snarkjs(&["zkey", "verify", "circuit.r1cs", ptau, "final.zkey"]);
        assert!(text.contains("ZKey Ok!"), "{text}");
        let key = [
            "zkey",
            "export",
            "verificationkey",
            "final.zkey",
            "key.json",
        ];
        snarkjs(&key);
        Phase2 {
            key: folder.join("final.zkey"),
            folder,
            circuit_hash,
            hashes,
        }
    }

    /// Imports the key for a circuit.
    pub fn import(&self, r1cs: &R1cs, powers: &Powers) -> Result<Imported, ZkeyError> {
        let bytes = read(&self.key);
        zkey::read(&bytes)?.check(r1cs, powers, self.circuit_hash)
    }

    /// Checks that what an import says of the ceremony is what snarkjs said.
    pub fn check_record(&self, record: &zkey::Phase2) {
        let got: Vec<_> = record
            .contributions
            .iter()
            .map(|c| (c.name.as_str(), c.hash.to_string(), c.beacon.is_some()))
            .collect();
        let hash = |i: usize| format!("0x{}", self.hashes[i]);
        let [(first, _), (second, _)] = CONTRIBUTORS;
        let want = [
            (first, hash(0), false),
            (second, hash(1), false),
            (BEACON_NAME, hash(2), true),
        ];
        assert_eq!(got, want);
        assert_eq!(record.circuit_hash, self.circuit_hash);
        let beacon = record.contributions[2].beacon.as_ref().expect("a beacon");
        assert_eq!(beacon.hash.to_string(), format!("0x{BEACON}"));
        assert_eq!(beacon.exponent.to_string(), ITERATIONS);
    }

    /// What its outcome is imported with.
    pub fn files<'a>(&'a self, ptau: &'a Path, digest: Option<B512>) -> Files<'a> {
        Files {
            zkey: &self.key,
            ptau,
            digest,
            circuit_hash: self.circuit_hash,
        }
    }

    /// The folder with the files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Lets snarkjs verify a proof: it has to accept it.
    pub fn accepts(&self, snarkjs: &Snarkjs, inputs: &[Fr], proof: &Proof<Bn254>) {
        let text = snarkjs.succeed(&self.folder, &self.question("good", inputs, proof));
        assert!(text.contains("OK!"), "{text}");
    }

    /// Lets snarkjs verify a proof: it has to refuse it, for it is well formed, but proves something else.
    pub fn refuses(&self, snarkjs: &Snarkjs, inputs: &[Fr], proof: &Proof<Bn254>) {
        let text = snarkjs.refuse(&self.folder, &self.question("bad", inputs, proof));
        assert!(text.contains("Invalid proof"), "{text}");
    }

    /// Writes the files of a proof; gives the command that verifies it.
    fn question(&self, kind: &str, inputs: &[Fr], proof: &Proof<Bn254>) -> [&'static str; 5] {
        let [public, path] = match kind {
            "good" => ["good-public.json", "good-proof.json"],
            _ => ["bad-public.json", "bad-proof.json"],
        };
        write(&self.folder.join(public), exchange::public(inputs));
        write(&self.folder.join(path), exchange::proof(proof));
        ["groth16", "verify", "key.json", public, path]
    }
}

/// A digest that snarkjs prints: 16 words of eight digits.
fn hash(text: &str, title: &str) -> String {
    let (_, rest) = text
        .split_once(title)
        .unwrap_or_else(|| panic!("no {title:?} in\n{text}"));
    rest.split_whitespace().take(16).collect()
}
