//! The generated messages, client and server of package `nectar.v1`; their comments are those of the `.proto` files.

tonic::include_proto!("nectar.v1");
