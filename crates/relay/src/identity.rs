//! The relay's identity: the one file that must be kept. Charters pin its public half.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;
use watchfire_protocol::secret::Secret32;
use watchfire_protocol::sign::SecretKey;
use zeroize::Zeroizing;

use crate::file::{create_private, exposed};

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// There is one already. It is never overwritten: charters name it.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("`{}`", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no seed.
    #[error("`{}` holds {found} bytes, wanted 32", path.display())]
    Length {
        /// Where.
        path: PathBuf,
        /// How many bytes it holds.
        found: usize,
    },
    /// Others may read it.
    #[error("`{}` has mode {mode:03o}: others than the relay may read its key", path.display())]
    Exposed {
        /// Where.
        path: PathBuf,
        /// What is allowed.
        mode: u32,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gives no randomness")]
    Randomness,
}

/// 32 bytes from the operating system.
pub(crate) fn random() -> Result<[u8; 32], IdentityError> {
    let mut bytes = [0; 32];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| IdentityError::Randomness)?;
    Ok(bytes)
}

/// 32 bytes for a greeting that somebody else answers.
///
/// # Errors
/// There is no randomness.
pub fn nonce() -> Result<[u8; 32], IdentityError> {
    random()
}

/// Draws an identity and writes its seed.
///
/// # Errors
/// There is a file already, it cannot be written, or there is no randomness.
pub fn create(path: &Path) -> Result<SecretKey, IdentityError> {
    let seed = Zeroizing::new(random()?);
    create_private(path, seed.as_slice()).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => IdentityError::Exists { path: path.to_owned() },
        _ => IdentityError::File { path: path.to_owned(), source },
    })?;
    Ok(SecretKey::from_seed(&Secret32::new(*seed)))
}

/// Reads the identity.
///
/// # Errors
/// There is no such file, others may read it, or it is no seed.
pub fn open(path: &Path) -> Result<SecretKey, IdentityError> {
    let failed = |source| IdentityError::File { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    if let Some(mode) = exposed(&file.metadata().map_err(failed)?) {
        return Err(IdentityError::Exposed { path: path.to_owned(), mode });
    }
    let mut bytes = Zeroizing::new(Vec::new());
    file.read_to_end(&mut bytes).map_err(failed)?;
    let seed: [u8; 32] =
        bytes.as_slice().try_into().map_err(|_| IdentityError::Length { path: path.to_owned(), found: bytes.len() })?;
    let seed = Zeroizing::new(seed);
    Ok(SecretKey::from_seed(&Secret32::new(*seed)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn an_identity_is_born_private_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("identity");
        let key = create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(matches!(create(&path), Err(IdentityError::Exists { .. })));
        assert_eq!(open(&path).unwrap().public(), key.public());
    }

    #[test]
    fn an_identity_that_others_may_read_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("identity");
        create(&path).unwrap();
        for mode in [0o604, 0o602, 0o620, 0o666] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert!(
                matches!(open(&path), Err(IdentityError::Exposed { mode: found, .. }) if found == mode),
                "{mode:o}"
            );
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(open(&path).is_ok());
    }

    #[test]
    fn a_file_of_another_length_is_no_identity() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("identity");
        create_private(&path, &[7; 31]).unwrap();
        assert!(matches!(open(&path), Err(IdentityError::Length { found: 31, .. })));
        assert!(matches!(open(&dir.path().join("none")), Err(IdentityError::File { .. })));
    }
}
