use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::password::{hex, secret};
use crate::store::{Shard, Store, StoreError, secrets};

/// The name of the secret that audit entries' digests are made with.
const NAME: &str = "audit.digests";

/// What audit entries keep of texts: enough to prove one to whoever has this installation's secret, and nothing to
/// anybody else. A bare digest of a short text would give it away to whoever tries all short texts.
#[derive(Clone)]
pub struct Fingerprints(Arc<str>);

impl Fingerprints {
    /// This installation's. The first time, its secret is made.
    pub async fn open(store: &Store) -> Result<Self, StoreError> {
        if let Some(known) = Self::look(store).await? {
            return Ok(known);
        }
        let fresh = secret().map_err(StoreError::other)?;
        let kept = store.write::<_, StoreError, _>(Shard(0), move |conn| {
            Box::pin(async move {
                secrets::keep(conn, NAME, &fresh).await?;
                // Another process may have been first.
                Ok(secrets::find(conn, NAME).await?.unwrap_or(fresh))
            })
        });
        Ok(Self(kept.await?.into()))
    }

    /// This installation's, if its secret was made. Changes nothing.
    pub async fn look(store: &Store) -> Result<Option<Self>, StoreError> {
        let found = store.read::<_, StoreError, _>(|conn| Box::pin(secrets::find(conn, NAME))).await?;
        Ok(found.map(|secret| Self(secret.into())))
    }

    /// The digest of a text: `hmac-sha256:` and 64 hexadecimal digits.
    pub fn of(&self, text: &str) -> String {
        format!("hmac-sha256:{}", mac(&self.0, &[text]))
    }
}

impl std::fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprints(…)")
    }
}

/// The HMAC-SHA-256 (RFC 2104) of `parts` one behind the other, under the characters of `secret`, in hexadecimal.
///
/// # Panics
/// Never: HMAC takes keys of any length.
pub fn mac(secret: &str, parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part.as_bytes());
    }
    hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    // L01: what `printf yes | openssl dgst -sha256 -hmac secret` says.
    #[test]
    fn a_digest_is_what_any_other_tool_computes_with_the_secret_and_not_without() {
        let own = Fingerprints("secret".into());
        assert_eq!(own.of("yes"), "hmac-sha256:63ba735b915456ea0f0f9c972d5f23a03751df980d89927321359e5111c5e538");
        assert_ne!(own.of("yes"), Fingerprints("other".into()).of("yes"));
        assert_eq!(format!("{own:?}"), "Fingerprints(…)");
    }
}
