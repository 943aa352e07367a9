/// Digests of the SRS that come out of published files of public ceremonies: the Perpetual Powers of Tau after 54
/// contributions and a beacon, powers 8 and 11. A test in params imports the files.
pub const CEREMONY_SRS: [B256; 2] = [
    b256!("8abf436748b742b5f5616634d94347e14e87bf168e0f560aa8111ca2f1b6fb8b"),
    b256!("839b59daf4bec7928e426c6b59b55f8f037e0eb4ba1a5e43ab9e61e9231e4820"),
];

/// Digest of the SRS `nectar params dev` makes from a public seed.
const INSECURE_DEV_SRS: B256 = b256!("e89f0de326064258ead04c3404e435fc5684e4e17c65cbbd4cd38a15a79858c8");

/// Digests of the keys `nectar params dev` makes from a public seed. Pinned; a test in params remakes them.
pub const INSECURE_DEV_KEYS: [KeyTriple; 3] = [
    KeyTriple {
        srs: INSECURE_DEV_SRS,
        key: b256!("5ad51f64d574a3ea2f0e7b6df90a327d02c2f10a14bb4bfe853a6a2101668e6f"),
        circuit: Circuit::Release(Shape::Compact),
    },
    KeyTriple {
        srs: INSECURE_DEV_SRS,
        key: b256!("a37b47110bb6ad3c51d753d330968946ff115ffc4c3a26bc909e13b583589537"),
        circuit: Circuit::Release(Shape::Wide),
    },
    KeyTriple {
        srs: INSECURE_DEV_SRS,
        key: b256!("4ed93696f7c4ecaedf70b7a2d6559bec4f37ef2007f9e67a484ab10a68371b8f"),
        circuit: Circuit::Index,
    },
];
