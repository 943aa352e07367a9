//! From a deployment to a verified entry.

use crate::{
    anvil::ACCOUNT,
    world::{ANSWER, OTHER, World},
};
use serde_json::{Value, json};

/// Everything in order, once; then each command once more, which sends nothing.
pub fn an_answer_is_entered_and_verified(world: &World) {
    let place = world.published();
    let entered = place.submit(ANSWER).json();
    assert_eq!(
        (&entered["status"], &entered["chain"]),
        (&json!("entered"), &json!(31337))
    );
    let verified = place.verify(ANSWER).json();
    assert_eq!(verified["verdict"], "verified");
    let registry = &verified["registry"];
    assert_eq!(registry["id"], entered["id"]);
    assert_eq!(registry["time"], entered["time"]);
    assert_eq!(
        registry["transaction"],
        entered["transaction"]["transaction"]
    );
    assert_eq!(registry["block"], entered["transaction"]["block"]);
    assert_eq!(registry["is_head"], true);
    assert_eq!(verified["tables"][0]["rows"][0][1]["value"], 180.0);
    let text = place
        .on(&["verify", ANSWER, "--confirmations", "1", "--allow-dev-keys"])
        .succeeded();
    for word in [
        "VERIFIED toy",
        "the registry says",
        "INSECURE DEVELOPMENT KEYS",
        "still the head of its dataset",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    place.verify(OTHER).failed(1, "has not entered this answer");
    // Entered one block ago is not settled two blocks deep.
    place
        .on(&["verify", ANSWER, "--allow-dev-keys"])
        .failed(1, "has not entered this answer");
    place
        .on(&["verify", ANSWER, "--confirmations", "1"])
        .failed(1, "insecure development keys");
}

pub fn what_is_done_is_not_done_again(world: &World) {
    let place = world.published();
    let custodian = |arguments: &[&str]| -> Value {
        place.custodian(&[arguments, &["--json"]].concat()).json()
    };
    let register = custodian(&["register", "toy"]);
    let publish = custodian(&["publish", "toy"]);
    for again in [register, publish] {
        assert_eq!(
            (&again["status"], &again["transaction"]),
            (&json!("already"), &Value::Null)
        );
    }
    let first = place.submit(ANSWER).json();
    let sent = place.anvil.sent(ACCOUNT);
    let second = place.submit(ANSWER).json();
    assert_eq!(second["status"], "already");
    assert_eq!(
        (&second["id"], &second["time"]),
        (&first["id"], &first["time"])
    );
    let words = place.on(&["submit", ANSWER]).succeeded();
    assert!(words.starts_with("entered already at 20"), "{words}");
    assert_eq!(place.anvil.sent(ACCOUNT), sent, "no second transaction");
}

pub fn an_answer_outlives_its_head(world: &World) {
    let place = world.published();
    place.submit(ANSWER).json();
    world.commit_again("next");
    place.custodian(&["publish", "next"]).succeeded();
    let verified = place.verify(ANSWER).json();
    assert_eq!(verified["verdict"], "verified");
    let registry = &verified["registry"];
    assert_eq!(
        (&registry["is_head"], &registry["head_sequence"]),
        (&json!(false), &json!(2))
    );
    place.submit(OTHER).failed(1, "reverted with NotHead");
}
