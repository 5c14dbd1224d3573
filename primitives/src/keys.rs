//! A worker's public keys and the identity of one run of it.

use crate::bytes::fixed_bytes;

fixed_bytes! {
    /// The sr25519 public IdentityKey of a worker. It is the worker's name.
    WorkerPublicKey, 32
}
fixed_bytes! {
    /// The X25519 public EcdhKey of a worker, for channels and key delivery.
    EcdhPublicKey, 32
}
fixed_bytes! {
    /// An sr25519 signature by the IdentityKey.
    WorkerSignature, 64
}
fixed_bytes! {
    /// An sr25519 signature by an operator's account.
    OperatorSignature, 64
}
fixed_bytes! {
    /// Random at every start of the enclave: a clone of a worker cannot have the live one's.
    Instance, 16
}
