//! Circles of imports: those that there are, and those that ARCHITECTURE.md lets stay.

use super::{
    modules, names,
    workspace::{Error, manifest, members, text},
};
use petgraph::{algo::tarjan_scc, prelude::DiGraphMap};
use serde::Serialize;
use std::{
    fmt::{self, Display, Formatter},
    path::{Path, PathBuf},
};

/// Modules each of which uses, directly or through others, every other, in the order of their names. A strongly
/// connected component of the uses.
pub type Circle = Vec<String>;

/// The document that names the circles that stay.
const DOCUMENT: &str = "ARCHITECTURE.md";

/// The heading under which it does so.
const HEADING: &str = "## Circles of imports that stay";

/// The circles of a workspace.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Cycles {
    /// How many there are.
    pub n: usize,
    /// Those that ARCHITECTURE.md names, in order.
    pub allowed: Vec<Circle>,
    /// Those that there are, in order.
    pub found: Vec<Circle>,
}

impl Cycles {
    /// Those of the workspace at `root`.
    ///
    /// # Errors
    /// A manifest, a source or ARCHITECTURE.md cannot be read, or has not the form it should have.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let found = found(root)?;
        Ok(Cycles {
            n: found.len(),
            allowed: allowed(root)?,
            found,
        })
    }
}

impl Display for Cycles {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        write!(f, "circles of imports: {}", self.n)?;
        for circle in &self.found {
            write!(f, "\n- `{}`", circle.join("` <-> `"))?;
            if !self.allowed.contains(circle) {
                write!(f, ": {DOCUMENT} does not name it")?;
            }
        }
        for gone in self.allowed.iter().filter(|a| !self.found.contains(a)) {
            let gone = gone.join("` <-> `");
            write!(f, "\n- `{gone}`: {DOCUMENT} names it, but it is gone")?;
        }
        Ok(())
    }
}

/// All circles in the crates of the workspace at `root`, in order.
fn found(root: &Path) -> Result<Vec<Circle>, Error> {
    let mut circles = Vec::new();
    for member in members(root)? {
        let folder = root.join(member);
        for (file, name) in roots(&folder)? {
            let modules = modules::read(&file, &name)?;
            let uses = DiGraphMap::<&str, ()>::from_edges(names::uses(&modules));
            let components = tarjan_scc(&uses).into_iter();
            circles.extend(components.filter(|c| c.len() > 1).map(sorted));
        }
    }
    circles.sort();
    Ok(circles)
}

fn sorted(circle: Vec<&str>) -> Circle {
    let mut circle: Circle = circle.into_iter().map(str::to_owned).collect();
    circle.sort();
    circle
}

/// The files with which the library and the programs of a crate begin, and their names in paths.
fn roots(folder: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let file = folder.join("Cargo.toml");
    let package = manifest(&file)?;
    let name = package.get("package").and_then(|p| p.get("name")?.as_str());
    let name = name
        .ok_or_else(|| Error::new(&file, "it names no package"))?
        .replace('-', "_");
    let source = folder.join("src");
    let library = source.join("lib.rs");
    let beside = if library.is_file() { "::main" } else { "" };
    let main = (source.join("main.rs"), format!("{name}{beside}"));
    let mut roots = programs(&source.join("bin"), &name);
    roots.extend([(library, name), main]);
    roots.retain(|(file, _)| file.is_file());
    if roots.is_empty() {
        let what = "neither a library nor a program begins here";
        return Err(Error::new(&source, what));
    }
    Ok(roots)
}

/// The same for `src/bin` of the crate so named, where each file or folder is a program.
fn programs(folder: &Path, name: &str) -> Vec<(PathBuf, String)> {
    let program = |path: PathBuf| {
        let name = format!("{name}::bin::{}", path.file_stem()?.to_string_lossy());
        let nested = path.join("main.rs");
        Some((if nested.is_file() { nested } else { path }, name))
    };
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries.filter_map(|e| program(e.path())).collect()
}

/// The circles that ARCHITECTURE.md at `root` names with a reason, in order: under its heading each is an entry of a
/// list, the modules in backticks joined by `<->`, then a colon and the reason.
fn allowed(root: &Path) -> Result<Vec<Circle>, Error> {
    let file = root.join(DOCUMENT);
    let text = text(&file)?;
    let after = text.split_once(HEADING).map_or("", |(_, after)| after);
    let section = after
        .split_once("\n## ")
        .map_or(after, |(section, _)| section);
    let entries = section.split("\n- ").skip(1);
    let circles = entries.map(|e| entry(e).ok_or_else(|| Error::new(&file, complaint(e))));
    let mut circles = circles.collect::<Result<Vec<_>, _>>()?;
    circles.sort();
    Ok(circles)
}

fn complaint(entry: &str) -> String {
    let first = entry.lines().next().unwrap_or_default();
    format!("\"{first}\" is not of the form \"`crate::module` <-> `crate::module`: reason\"")
}

fn entry(text: &str) -> Option<Circle> {
    let (modules, reason) = text.split_once(": ")?;
    let modules = modules.split("<->").map(|m| {
        let name = m.trim().strip_prefix('`')?.strip_suffix('`')?;
        (!name.contains('`')).then_some(name)
    });
    let modules = modules.collect::<Option<Vec<&str>>>()?;
    (modules.len() > 1 && !reason.trim().is_empty()).then(|| sorted(modules))
}
