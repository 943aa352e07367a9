//! Small pieces shared by the engine's unit tests.

use nectar_params::srs::Srs;
use nectar_verifier::column::{Column, Kind};

/// A small SRS of a known secret.
pub fn dev_srs() -> Srs {
    nectar_params::dev::insecure_srs(8)
}

/// A number column of `count` values.
pub fn number(count: u16) -> Column {
    let kind = Kind::Number {
        min: 0,
        step: 1,
        scale: 0,
        count,
        unit: String::new(),
    };
    Column {
        name: "x".into(),
        kind,
    }
}
