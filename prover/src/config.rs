//! The service's configuration. Unknown fields are refused; units stand in the names.

use serde::Deserialize;
use std::{
    net::{Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    time::Duration,
};

/// What the service may use and how long things may take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Listen without TLS on an address other machines reach. Queries and job ids can then be read on the way.
    pub insecure_plaintext: bool,
    /// Jobs worked on at once. One already uses all cores.
    pub max_running_jobs: usize,
    /// Jobs that may wait beside those.
    pub max_queued_jobs: usize,
    /// Receipts worked on at once, beside jobs. One takes a fraction of a second on all cores.
    pub max_running_receipts: usize,
    /// Receipts that may wait beside those; they are held to the request timeout.
    pub max_queued_receipts: usize,
    /// Finished jobs kept for their clients; the oldest go first.
    pub max_stored_jobs: usize,
    /// Memory for finished jobs' bundles; the oldest go first.
    pub max_stored_mebibytes: usize,
    /// Streams (watched jobs, bundles and manifests on their way) at once.
    pub max_streams: usize,
    /// From a job's submission until it is aborted.
    pub job_deadline_seconds: u32,
    /// How long a finished job is kept.
    pub result_ttl_seconds: u32,
    /// The coarse clock: progress and answers leave on its ticks only.
    pub progress_tick_milliseconds: u32,
    /// Time for the head of any response.
    pub request_timeout_seconds: u32,
    /// Time running jobs have once the service is told to stop.
    pub shutdown_grace_seconds: u32,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: (Ipv4Addr::LOCALHOST, 7420).into(),
            insecure_plaintext: false,
            max_running_jobs: 1,
            max_queued_jobs: 16,
            max_running_receipts: 1,
            max_queued_receipts: 8,
            max_stored_jobs: 256,
            max_stored_mebibytes: 1024,
            max_streams: 256,
            job_deadline_seconds: 600,
            result_ttl_seconds: 3600,
            progress_tick_milliseconds: 1_000,
            request_timeout_seconds: 30,
            shutdown_grace_seconds: 30,
        }
    }
}

/// Why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not TOML, an unknown field, or a value of another type.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// A value outside its range.
    #[error("{field}: got {got}, want {least} to {most}")]
    Range {
        /// The field.
        field: &'static str,
        /// The value.
        got: usize,
        /// Least value.
        least: usize,
        /// Greatest value.
        most: usize,
    },
    /// Plaintext where others can read it.
    #[error(
        "listen: {0} can be reached from other machines and there is no TLS; listen on 127.0.0.1, or set insecure_plaintext = true"
    )]
    Plaintext(SocketAddr),
}

impl Config {
    /// Reads a configuration; what is not said has its default.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Config = toml::from_str(text)?;
        config.validate().map(|()| config)
    }

    /// Checks every range, and that plaintext stays on this machine unless told otherwise.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let seconds = |s: u32| usize::try_from(s).unwrap_or(usize::MAX);
        range("max_running_jobs", self.max_running_jobs, 1..=256)?;
        range("max_queued_jobs", self.max_queued_jobs, 0..=65_536)?;
        range("max_running_receipts", self.max_running_receipts, 1..=256)?;
        range("max_queued_receipts", self.max_queued_receipts, 0..=65_536)?;
        range("max_stored_jobs", self.max_stored_jobs, 1..=65_536)?;
        range(
            "max_stored_mebibytes",
            self.max_stored_mebibytes,
            1..=1 << 20,
        )?;
        range("max_streams", self.max_streams, 1..=65_536)?;
        for (field, value) in [
            ("job_deadline_seconds", self.job_deadline_seconds),
            ("result_ttl_seconds", self.result_ttl_seconds),
            ("request_timeout_seconds", self.request_timeout_seconds),
            ("shutdown_grace_seconds", self.shutdown_grace_seconds),
        ] {
            range(field, seconds(value), 1..=7 * 86_400)?;
        }
        let tick = seconds(self.progress_tick_milliseconds);
        range("progress_tick_milliseconds", tick, 50..=60_000)?;
        if !self.listen.ip().is_loopback() && !self.insecure_plaintext {
            return Err(ConfigError::Plaintext(self.listen));
        }
        Ok(())
    }

    /// The coarse clock's tick.
    pub fn tick(&self) -> Duration {
        Duration::from_millis(self.progress_tick_milliseconds.into())
    }

    /// How long a finished job is kept.
    pub fn result_ttl(&self) -> Duration {
        Duration::from_secs(self.result_ttl_seconds.into())
    }

    /// Time for the head of any response.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds.into())
    }

    /// Time running jobs have once the service is told to stop.
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_seconds.into())
    }
}

fn range(
    field: &'static str,
    got: usize,
    allowed: RangeInclusive<usize>,
) -> Result<(), ConfigError> {
    if allowed.contains(&got) {
        return Ok(());
    }
    let (least, most) = allowed.into_inner();
    Err(ConfigError::Range {
        field,
        got,
        least,
        most,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, want: &str) {
        let got = Config::parse(text).unwrap_err().to_string();
        assert!(got.contains(want), "got {got}, want {want}");
    }

    #[test]
    fn defaults_are_valid() {
        assert_eq!(Config::parse(""), Ok(Config::default()));
    }

    #[test]
    fn unknown_fields_are_refused() {
        check("max_jobs = 3", "unknown field `max_jobs`");
    }

    #[test]
    fn values_out_of_range_are_refused() {
        check(
            "max_running_jobs = 0",
            "max_running_jobs: got 0, want 1 to 256",
        );
        check(
            "progress_tick_milliseconds = 1",
            "progress_tick_milliseconds: got 1, want 50 to 60000",
        );
    }

    #[test]
    fn plaintext_stays_on_this_machine() {
        check(
            "listen = '0.0.0.0:7420'",
            "0.0.0.0:7420 can be reached from other machines",
        );
        assert!(Config::parse("listen = '0.0.0.0:7420'\ninsecure_plaintext = true").is_ok());
        assert!(Config::parse("listen = '[::1]:7420'").is_ok());
    }
}
