//! Errors of the chain as failures of a command.

use crate::failure::Failure;
use nectar_chain::{endpoint::EndpointError, error::ChainError};

/// An error of the chain as a failure, with what to do about it.
pub fn failure(error: ChainError) -> Failure {
    let message = match advice(&error) {
        Some(advice) => format!("{error}; {advice}"),
        None => error.to_string(),
    };
    match error {
        ChainError::Endpoint(EndpointError::Malformed | EndpointError::Plaintext(_)) => {
            Failure::Usage(message)
        }
        ChainError::Endpoint(EndpointError::Tls(_))
        | ChainError::Node { .. }
        | ChainError::Unconfirmed { .. }
        | ChainError::Dropped(_)
        | ChainError::Reorganised
        | ChainError::Artifact(_) => Failure::Io(message),
        _ => Failure::Refused(message),
    }
}

/// The command or argument that helps against an error.
fn advice(error: &ChainError) -> Option<&'static str> {
    Some(match error {
        ChainError::Endpoint(EndpointError::Plaintext(_)) => {
            "use https, or allow it with --insecure-plaintext"
        }
        ChainError::OtherChain { .. } => "give the URL of a node of the wanted chain",
        ChainError::NotCustodian { .. } => {
            "use the custodian's key, which `nectar snapshot commit` took from its keys folder (--keys)"
        }
        ChainError::NoAttestor(_) => "`nectar snapshot attest` attests it",
        ChainError::Failed { .. } => "run the command again to see why",
        ChainError::Unconfirmed { .. } => {
            "run the command again later, it notices what is done already"
        }
        ChainError::Dropped(_) => "run the command again when the chain has settled",
        ChainError::Reorganised => "run the command again",
        _ => return None,
    })
}
