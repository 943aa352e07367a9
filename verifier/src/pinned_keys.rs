/// Digests of the SRS that come out of published files of public ceremonies: the Perpetual Powers of Tau after 54
/// contributions and a beacon, powers 8 and 11. A test in params imports the files.
pub const CEREMONY_SRS: [B256; 2] = [
    b256!("4607ee06443ee48267f048964b08f31bed7c1cffb7dcb902ead76ce7f4d18bee"),
    b256!("8fac34265a9b4a4fee63d73a0490f7f14a234d65f0827d1931fbd791e8524137"),
];

/// Digest of the SRS `nectar params dev` makes from a public seed.
const INSECURE_DEV_SRS: B256 = b256!("77084a7a5e0911188a2a3b0a8d38befcbaacb87c5e02b546f2c24b99ed28da1a");

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
