//! What to do about a refusal that the reader can do something about. Libraries say what is wrong, and know no commands.

use nectar_verifier::{
    bundle::VerifyError, manifest::ManifestError, receipt::ReceiptError, trust::TrustError,
};
use std::error::Error;

/// The advice for an error, to be printed behind it; empty where there is none.
pub fn advice(error: &(dyn Error + 'static)) -> &'static str {
    match trust_error(error) {
        Some(TrustError::Attestor) => {
            ", and it was not checked here\neither name an attestor you believe, with their signature, in the trust \
             file, or check the snapshot yourself with `nectar snapshot verify`"
        }
        Some(TrustError::DevKeys) => "\naccept them with --allow-dev-keys, for a test only",
        _ => "",
    }
}

/// What is not trusted, if that is why something does not verify.
fn trust_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e TrustError> {
    let bundle = || match error.downcast_ref()? {
        VerifyError::Trust(e) => Some(e),
        _ => None,
    };
    let manifest = || match error.downcast_ref()? {
        ManifestError::Trust(e) => Some(e),
        _ => None,
    };
    let receipt = || match error.downcast_ref()? {
        ReceiptError::Trust(e) => Some(e),
        _ => None,
    };
    let itself = error.downcast_ref();
    itself.or_else(bundle).or_else(manifest).or_else(receipt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn development_keys_are_accepted_by_a_flag() {
        let errors: [&(dyn Error + 'static); 4] = [
            &TrustError::DevKeys,
            &VerifyError::Trust(TrustError::DevKeys),
            &ManifestError::Trust(TrustError::DevKeys),
            &ReceiptError::Trust(TrustError::DevKeys),
        ];
        for error in errors {
            assert!(advice(error).contains("--allow-dev-keys"), "{error}");
        }
        assert_eq!(advice(&VerifyError::Root), "");
    }
}
