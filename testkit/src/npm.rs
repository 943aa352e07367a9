//! Peers that npm has, each installed once from a pinned list in this repository. They are tools of tests and
//! benchmarks only.

use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Why there is no peer.
pub enum Missing {
    /// The machine has no node, or does not reach the registry: what needs it is skipped.
    Skip(String),
    /// The registry is there, but what comes is not what is pinned: what needs it fails.
    Broken(String),
}

/// What is installed: the files of one folder.
struct List {
    package: String,
    lock: String,
}

/// npm's codes for a registry that is not reached, or does not serve the packages, and for a package that is not for
/// this kind of machine.
const UNREACHABLE: [&str; 15] = [
    "EBADPLATFORM",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTCACHED",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
    "E401",
    "E403",
    "E404",
    "E502",
    "E503",
];

/// Finds node and npm, and installs the packages that `list` names, a folder of this repository, if they are not there
/// yet. They go to a folder beside `scratch`, which a test has from cargo as `CARGO_TARGET_TMPDIR`.
///
/// # Errors
/// No node, no npm, no registry; or packages that are not the pinned ones.
pub fn installed(list: &str, scratch: &Path) -> Result<PathBuf, Missing> {
    for program in ["node", "npm"] {
        answer(Command::new(program).arg("--version"))
            .map_err(|e| Missing::Skip(format!("{program} is missing: {e}")))?;
    }
    let broken = |e: io::Error| Missing::Broken(format!("{list}: {e}"));
    let list = List::read(list).map_err(broken)?;
    list.installed(&scratch.with_file_name("npm"))
        .map_err(broken)?
}

impl List {
    fn read(folder: &str) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder);
        let read = |name| fs::read_to_string(folder.join(name));
        Ok(List {
            package: read("package.json")?,
            lock: read("package-lock.json")?,
        })
    }

    /// The folder with the packages of this list: one for each list, complete if it is there at all.
    fn installed(&self, target: &Path) -> io::Result<Result<PathBuf, Missing>> {
        fs::create_dir_all(target)?;
        let folder = target.join(self.stamp());
        // One process installs, the others wait; the lock goes with the process.
        let lock = File::create(target.join("lock"))?;
        lock.lock()?;
        if folder.is_dir() {
            return Ok(Ok(folder));
        }
        // What an interrupted run left behind is begun anew.
        let unfinished = target.join("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        fs::create_dir(&unfinished)?;
        fs::write(unfinished.join("package.json"), &self.package)?;
        fs::write(unfinished.join("package-lock.json"), &self.lock)?;
        if let Err(missing) = install(&unfinished) {
            return Ok(Err(missing));
        }
        fs::rename(&unfinished, &folder)?;
        Ok(Ok(folder))
    }

    /// Names the list.
    fn stamp(&self) -> String {
        let digest = Sha256::digest([self.package.as_str(), &self.lock].concat());
        digest[..8].iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// Fetches exactly the packages of the list, whose digests it states, and runs none of their scripts.
fn install(folder: &Path) -> Result<(), Missing> {
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
    ]);
    answer(&mut npm).map_err(|text| {
        let offline = text.split_whitespace().any(|w| UNREACHABLE.contains(&w));
        if offline {
            Missing::Skip(format!(
                "npm does not reach its registry, or has nothing for this kind of machine:\n{text}"
            ))
        } else {
            Missing::Broken(format!("npm cannot install the pinned packages:\n{text}"))
        }
    })
}

/// Runs a command; gives what it says where it fails.
fn answer(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.map_err(|e| e.to_string())?;
    if status.success() {
        return Ok(());
    }
    let [stdout, stderr] = [stdout, stderr].map(|b| String::from_utf8_lossy(&b).into_owned());
    Err(format!("{status}\n{stdout}{stderr}"))
}
