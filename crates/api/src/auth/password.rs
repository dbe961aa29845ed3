//! Passwords: what is accepted, and Argon2id on a bounded number of threads.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use domain::fault::Fault;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Fewest characters.
pub const MIN_LENGTH: usize = 12;
/// Most characters.
pub const MAX_LENGTH: usize = 256;

/// Hashing failed: not the password's fault.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed: {0}")]
pub struct HashingFailed(String);

/// Refuses a password that is too short or too long, pointing at its place in the body.
pub fn check_policy(password: &str, pointer: &str) -> Result<(), Vec<Fault>> {
    let length = password.chars().count();
    let fault = match length {
        ..MIN_LENGTH => Fault::new(
            pointer,
            "too-short",
            format!("At least {MIN_LENGTH} characters."),
        ),
        MIN_LENGTH..=MAX_LENGTH => return Ok(()),
        _ => Fault::new(
            pointer,
            "too-long",
            format!("At most {MAX_LENGTH} characters."),
        ),
    };
    Err(vec![fault])
}

/// Hashes and compares passwords without starving the server.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    decoy: Arc<str>,
}

impl Passwords {
    /// At most so many at a time.
    pub fn new(workers: usize) -> Result<Self, HashingFailed> {
        // OWASP's first choice for Argon2id: 19 MiB, two passes, one lane.
        let params = Params::new(19 * 1024, 2, 1, None).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut random = [0; 32];
        aws_lc_rs::rand::fill(&mut random).map_err(failed)?;
        let decoy = argon2.hash_password(&random).map_err(failed)?.to_string();
        Ok(Self {
            argon2,
            permits: Arc::new(Semaphore::new(workers)),
            decoy: decoy.into(),
        })
    }

    /// The text to store for a password.
    pub async fn hash(&self, password: SecretString) -> Result<String, HashingFailed> {
        let argon2 = self.argon2.clone();
        self.run(move || {
            argon2
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(failed)
        })
        .await?
    }

    /// Whether the password is the stored one. Where there is none the same work is done in vain, so that nobody
    /// learns from the time it takes who has an account.
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, HashingFailed> {
        let argon2 = self.argon2.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.as_ref().to_owned());
        self.run(move || {
            let hash = PasswordHash::new(&stored).map_err(failed)?;
            let same = argon2
                .verify_password(password.expose_secret().as_bytes(), &hash)
                .is_ok();
            Ok(known && same)
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(failed)?;
        // The permit goes along: a caller that hangs up must not let more in than there are threads for.
        spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(failed)
    }
}

fn failed(err: impl std::fmt::Display) -> HashingFailed {
    HashingFailed(err.to_string())
}

/// A password for people to copy once: 120 random bits in letters and digits that are not mistaken for each other.
pub fn generate() -> Result<SecretString, HashingFailed> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = [0_u8; 24];
    aws_lc_rs::rand::fill(&mut random).map_err(failed)?;
    let letters: Vec<char> = random
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters
        .chunks(6)
        .map(|group| group.iter().collect())
        .collect();
    Ok(groups.join("-").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn only_the_right_password_of_a_known_user_holds() {
        let passwords = Passwords::new(1).unwrap();
        let stored = passwords.hash("correct horse".into()).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{stored}"
        );
        let verify = |password: &str, stored| passwords.verify(password.into(), stored);
        assert!(verify("correct horse", Some(stored.clone())).await.unwrap());
        assert!(!verify("wrong horse!", Some(stored)).await.unwrap());
        assert!(!verify("correct horse", None).await.unwrap());
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(check_policy(&"\u{e9}".repeat(12), "/password").is_ok());
        let short = check_policy("elevenchars", "/password").unwrap_err();
        assert_eq!(short[0].code, "too-short");
        let long = check_policy(&"x".repeat(257), "/password").unwrap_err();
        assert_eq!(long[0].pointer, "/password");
    }

    #[test]
    fn made_passwords_differ_and_meet_the_policy() {
        let made = generate().unwrap();
        assert!(check_policy(made.expose_secret(), "").is_ok());
        assert_ne!(made.expose_secret(), generate().unwrap().expose_secret());
    }
}
