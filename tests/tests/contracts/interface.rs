//! Calls reach the functions they are meant for.

use alloy_primitives::B256;
use nectar_testkit::{queries, world::World};
use nectar_tests::evm::selector;
use nectar_verifier::{shape::Shape, solidity};

#[test]
fn selectors_are_those_of_the_interface() {
    let bundle = World::clinic().honest(&queries::plain());
    let answer = solidity::answer(&bundle).expect("an answer");
    let calls = [
        (
            "NectarVerifier",
            "verify",
            solidity::verify(B256::ZERO, answer.clone()),
        ),
        (
            "NectarRegistry",
            "register",
            solidity::register(&bundle.core, B256::ZERO, vec![]),
        ),
        (
            "NectarRegistry",
            "publish",
            solidity::publish(&bundle.core, B256::ZERO, vec![]),
        ),
        (
            "NectarRegistry",
            "submit",
            solidity::submit(Shape::Compact, answer),
        ),
    ];
    for (contract, function, call) in calls {
        assert_eq!(call[..4], selector(contract, function), "{function}");
    }
}
