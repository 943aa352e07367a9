//! Provers that depart from the protocol, for tests which show that what they send is rejected. The feature `test-util`
//! adds this module and changes nothing else.

pub use super::{
    index::forge_index,
    prove::forge,
    receipt::forge_receipt,
    scan::Scan,
    strategy::{Step, Strategy},
};
