use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::domain::{Error, Result, text::Password};

/// How many passwords are hashed at once: each takes a core and its memory.
const AT_ONCE: usize = 2;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// argon2id, 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, 2025.
    Owasp,
    /// As little as argon2 allows; for tests.
    Least,
}

/// Hashes and checks passwords, off the runtime's threads and a few at a time.
#[derive(Clone)]
pub struct Passwords {
    argon2: Arc<Argon2<'static>>,
    /// A hash that no password has, checked when there is no person, so that both answers take as long.
    decoy: Arc<str>,
    turn: Arc<Semaphore>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// A hasher of this cost.
    pub fn new(cost: Cost) -> Result<Self> {
        let (memory, passes) = match cost {
            Cost::Owasp => (19 * 1024, 2),
            Cost::Least => (8, 1),
        };
        let params = Params::new(memory, passes, 1, None).map_err(|error| fault(&error))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // Written down instead of made: making one would take as much memory as a sign-in does, for a start.
        let zeros = |bytes: usize| "A".repeat((bytes * 4).div_ceil(3));
        let decoy = format!("$argon2id$v=19$m={memory},t={passes},p=1${}${}", zeros(16), zeros(32)).into();
        Ok(Self { argon2: Arc::new(argon2), decoy, turn: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let (hasher, password) = (self.clone(), password.clone());
        self.apart(move || {
            hasher
                .argon2
                .hash_password(password.expose().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|e| fault(&e))
        })
        .await?
    }

    /// Whether `password` is the one behind `hash`. Without a hash the work is the same and the answer no.
    pub async fn check(&self, password: &Password, hash: Option<String>) -> Result<bool> {
        let (hasher, password) = (self.clone(), password.clone());
        self.apart(move || {
            let known = hash.is_some();
            let text = hash.as_deref().unwrap_or(&hasher.decoy);
            let parsed = PasswordHash::new(text).map_err(|error| fault(&error))?;
            Ok(hasher.argon2.verify_password(password.expose().as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turn.acquire().await.map_err(|_| Error::Unavailable)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Unavailable)
    }
}

fn fault(cause: &dyn std::fmt::Display) -> Error {
    tracing::error!(%cause, "password hashing failed");
    Error::Unavailable
}

/// A secret of 256 random bits, as 64 hexadecimal digits.
pub(super) fn secret() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| fault(&error))?;
    Ok(hex(&bytes))
}

/// What is stored of a secret: it is random, so one round of SHA-256 is enough.
pub(super) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Bytes as hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // S09
    #[tokio::test]
    async fn only_the_right_password_for_a_known_person_passes() {
        let passwords = Passwords::new(Cost::Least).unwrap();
        let hash = passwords.hash(&Password::new("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$"));
        assert!(passwords.check(&Password::new("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.check(&Password::new("wrong horse"), Some(hash)).await.unwrap());
        assert!(!passwords.check(&Password::new("nobody"), None).await.unwrap());
    }

    // S09
    #[tokio::test]
    async fn the_decoy_asks_for_the_same_work_as_a_real_hash() {
        for cost in [Cost::Owasp, Cost::Least] {
            let passwords = Passwords::new(cost).unwrap();
            let real = passwords.hash(&Password::new("correct horse")).await.unwrap();
            let (real, decoy) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(&passwords.decoy).unwrap());
            assert_eq!((decoy.algorithm, decoy.version), (real.algorithm, real.version));
            assert_eq!(decoy.params.to_string(), real.params.to_string());
            assert_eq!(decoy.salt.map(|salt| salt.len()), real.salt.map(|salt| salt.len()));
            assert_eq!(decoy.hash.map(|hash| hash.len()), real.hash.map(|hash| hash.len()));
        }
    }

    // S09
    #[test]
    fn a_secret_is_256_bits_and_never_twice_the_same() {
        let (one, two) = (secret().unwrap(), secret().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, two);
    }
}
