//! Where a node is. A URL may hold a secret in its path, its query or its user name: only scheme, host and port are ever
//! shown.

use core::fmt;
use url::{Host, Url};

/// A node's URL.
#[derive(Clone)]
pub struct Endpoint(Url);

/// Why a URL cannot be used; no part of it is told that could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL of a node.
    #[error(
        "not the URL of a node: want one like http://127.0.0.1:8545 or https://node.example/key"
    )]
    Malformed,
    /// Plaintext to another machine.
    #[error("{0}: without https, others on the network can read and change requests and answers")]
    Plaintext(String),
    /// The system has no certificates to check a node's by.
    #[error("https cannot be set up: {0}")]
    Tls(String),
}

impl Endpoint {
    /// Reads a URL.
    ///
    /// # Errors
    /// It is none of `http` or `https`, or of `http` to another machine and this is not allowed.
    pub fn parse(text: &str, insecure_plaintext: bool) -> Result<Self, EndpointError> {
        let url: Url = text.parse().map_err(|_| EndpointError::Malformed)?;
        let endpoint = Endpoint(url);
        match endpoint.0.scheme() {
            _ if !endpoint.0.has_host() => Err(EndpointError::Malformed),
            "https" => Ok(endpoint),
            "http" if insecure_plaintext || endpoint.is_local() => Ok(endpoint),
            "http" => Err(EndpointError::Plaintext(endpoint.to_string())),
            _ => Err(EndpointError::Malformed),
        }
    }

    /// Whether the node is on this machine.
    pub fn is_local(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Scheme, host and port.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}",
            self.0.scheme(),
            self.0.host_str().unwrap_or_default()
        )?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        let text = "https://user:pass@node.example:8443/v3/5ec2e7?key=5ec2e7#5ec2e7";
        let endpoint = Endpoint::parse(text, false).unwrap();
        assert_eq!(endpoint.to_string(), "https://node.example:8443");
        assert_eq!(
            format!("{endpoint:?}"),
            "Endpoint(https://node.example:8443)"
        );
        let refused = Endpoint::parse("http://user:pass@node.example/5ec2e7", false);
        let words = refused.unwrap_err().to_string();
        assert!(
            words.starts_with("http://node.example: without https"),
            "{words}"
        );
        assert!(
            !words.contains("5ec2e7") && !words.contains("pass"),
            "{words}"
        );
    }

    #[test]
    fn plaintext_stays_on_this_machine_unless_told() {
        for url in [
            "http://127.0.0.1:8545",
            "http://localhost:1",
            "http://[::1]:8545/k",
        ] {
            assert!(
                Endpoint::parse(url, false).is_ok_and(|e| e.is_local()),
                "{url}"
            );
        }
        assert!(Endpoint::parse("http://10.0.0.1:8545", false).is_err());
        assert!(Endpoint::parse("http://10.0.0.1:8545", true).is_ok());
        for url in [
            "",
            "node",
            "ws://127.0.0.1",
            "file:///etc/passwd",
            "https://",
        ] {
            let refused = Endpoint::parse(url, true).unwrap_err();
            assert_eq!(refused, EndpointError::Malformed, "{url}");
        }
    }
}
