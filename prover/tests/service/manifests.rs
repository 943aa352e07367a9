//! Published manifests: fetched and checked without anybody's word, or refused for a reason.

use crate::harness::{DATASET, KEYS, Running, config, gated, refused};
use alloy_primitives::B256;
use nectar_client::{Client, ClientError, ManifestRequest};
use nectar_engine::{
    index_keys, index_statement, prove_index,
    published::{IndexProofs, PublishedManifest},
    snapshot::Snapshot,
};
use nectar_prover::Catalog;
use nectar_verifier::{
    manifest::{ManifestError, ManifestVerifier},
    trust::{Acceptance, AcceptedKeys},
};
use tonic::Code;

fn request(root: Option<B256>) -> ManifestRequest {
    ManifestRequest {
        dataset: DATASET.into(),
        root,
    }
}

/// Gives every column its proof and the catalog the manifest.
fn publish(catalog: &mut Catalog, snapshot: &Snapshot) {
    let coded = (0..3).filter(|column| index_statement(snapshot, *column).is_some());
    let proof = |column| {
        prove_index(snapshot, &KEYS, column)
            .expect("a proof")
            .encode()
    };
    let proofs = coded.map(|column| (column, proof(column))).collect();
    let proofs = IndexProofs::new(index_keys(&KEYS).expect("keys"), proofs);
    let published =
        PublishedManifest::new(snapshot.shared_manifest(), proofs).expect("every proof");
    catalog.publish(published).expect("the dataset's head");
}

async fn fetch(client: &mut Client, request: &ManifestRequest) -> Result<Vec<u8>, ClientError> {
    let mut bytes = vec![];
    let take = |piece: &[u8]| {
        bytes.extend_from_slice(piece);
        Ok::<_, ClientError>(())
    };
    client.manifest(request, take).await?;
    Ok(bytes)
}

/// Why the fetching stopped.
#[derive(Debug)]
enum Stopped {
    Client,
    Manifest(ManifestError),
}

impl From<ClientError> for Stopped {
    fn from(_: ClientError) -> Self {
        Stopped::Client
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_fetched_and_accepted() {
    let server = Running::start_with(config(), KEYS.clone(), publish).await;
    let mut client = server.client().await;
    let root = client.snapshot(DATASET).await.expect("a snapshot").root;
    let accepted = AcceptedKeys::compiled_in().with(index_keys(&KEYS).expect("keys").triple());
    let mut verifier = ManifestVerifier::new(&accepted);
    let check = |piece: &[u8]| verifier.push(piece).map_err(Stopped::Manifest);
    let fetched = client.manifest(&request(None), check).await;
    fetched.expect("a sound manifest");
    let snapshot = verifier.finish().expect("a whole manifest");
    assert_eq!(snapshot.root(), root);
    assert!(matches!(snapshot.acceptance(), Acceptance::Proven(_)));

    // A verifier that refuses stops the stream.
    let nobody = AcceptedKeys::compiled_in();
    let mut verifier = ManifestVerifier::new(&nobody);
    let check = |piece: &[u8]| verifier.push(piece).map_err(Stopped::Manifest);
    let stopped = client.manifest(&request(Some(root)), check).await;
    assert!(
        matches!(stopped, Err(Stopped::Manifest(ManifestError::Trust(_)))),
        "{stopped:?}"
    );

    let other = fetch(&mut client, &request(Some(B256::repeat_byte(1)))).await;
    refused(other, Code::NotFound, "only the dataset's head is kept");
}

#[tokio::test]
async fn a_manifest_without_proofs_is_refused() {
    let server = Running::start(config(), gated().0).await;
    let mut client = server.client().await;
    let missing = fetch(&mut client, &request(None)).await;
    refused(missing, Code::FailedPrecondition, "no index proof yet");
    let elsewhere = ManifestRequest {
        dataset: "elsewhere".into(),
        root: None,
    };
    let unknown = fetch(&mut client, &elsewhere).await;
    refused(unknown, Code::NotFound, "unknown dataset");
    let short = nectar_proto::v1::GetManifestRequest {
        dataset: DATASET.into(),
        snapshot_root: vec![0; 31],
    };
    let got = server.raw().await.get_manifest(short).await;
    let got = got.map(|_| ()).map_err(ClientError::from);
    refused(got, Code::InvalidArgument, "want 32");
}
