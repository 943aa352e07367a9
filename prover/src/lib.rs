//! The service: datasets, jobs and bundles over gRPC.
//!
//! Calls never block on work: a query becomes a job, which is watched, fetched or cancelled. Protocol buffers stop
//! in `rpc`, field arithmetic stays behind the compute pool.

mod catalog;
mod compute_pool;
mod config;
mod jobs;
mod manifests;
mod receipts;
mod refusal;
mod rpc;
mod server;
pub mod shutdown;
mod stream;
mod tags;

pub use catalog::{Catalog, CatalogError};
pub use config::{Config, ConfigError};
pub use refusal::Refusal;
pub use server::{ServeError, Server};
