//! Which module defines what a path names, by the rules of Rust as far as imports need them: macros and visibility
//! are left to the compiler.

use super::modules::{Import, Module};
use std::collections::BTreeSet;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// A module of this crate.
    Module(usize),
    /// Something that this module defines.
    Item(usize),
    /// Something of another crate or of the language.
    Foreign,
}

/// The modules of a crate, with which name is being looked up in which.
struct Names<'a> {
    modules: &'a [Module],
    asked: Vec<(usize, String)>,
}

/// Who uses whom within a crate: pairs of files, each named by the module it holds.
///
/// An import counts towards the file that defines what is imported, through any number of re-exports; one of a whole
/// module counts by what is used through it. A re-export of what a module below defines is no use, and a part of a
/// module that takes what the module itself defines does not leave it.
pub fn uses(modules: &[Module]) -> BTreeSet<(&str, &str)> {
    let mut names = Names {
        modules,
        asked: Vec::new(),
    };
    let mut uses = BTreeSet::new();
    for (module, from) in modules.iter().enumerate() {
        let mut definers = BTreeSet::new();
        for import in &from.imports {
            definers.extend(names.imported(module, import));
        }
        let named = from.paths.iter().flat_map(|p| names.resolve(module, p));
        definers.extend(named.filter_map(Meaning::definer));
        let files = definers.iter().map(|&d| modules[d].file.as_str());
        let others = files.filter(|f| *f != from.file && !is_part_of(&from.file, f));
        uses.extend(others.map(|f| (from.file.as_str(), f)));
    }
    uses
}

/// Whether a module lies below another.
fn is_part_of(module: &str, ancestor: &str) -> bool {
    let below = module.strip_prefix(ancestor);
    below.is_some_and(|rest| rest.starts_with("::"))
}

impl Meaning {
    fn module(self) -> Option<usize> {
        match self {
            Meaning::Module(module) => Some(module),
            Meaning::Item(_) | Meaning::Foreign => None,
        }
    }

    fn definer(self) -> Option<usize> {
        match self {
            Meaning::Item(module) => Some(module),
            Meaning::Module(_) | Meaning::Foreign => None,
        }
    }
}

impl Names<'_> {
    /// The modules that an import uses.
    fn imported(&mut self, module: usize, import: &Import) -> BTreeSet<usize> {
        let meanings = self.resolve(module, &import.path).into_iter();
        // Traits that come with a glob are used without being named.
        let whole = |m: Meaning| m.module().filter(|_| import.name.is_none());
        let definers = meanings.filter_map(|m| m.definer().or(whole(m)));
        definers
            .filter(|&d| !(import.public && self.is_below(d, module)))
            .collect()
    }

    fn is_below(&self, module: usize, ancestor: usize) -> bool {
        let parent = self.modules[module].parent;
        parent != module && (parent == ancestor || self.is_below(parent, ancestor))
    }

    /// What a path written in a module stands for; more than one thing where a module and a function, say, have the
    /// same name.
    fn resolve(&mut self, module: usize, path: &[String]) -> BTreeSet<Meaning> {
        let mut found = BTreeSet::from([Meaning::Module(module)]);
        for (step, name) in path.iter().enumerate() {
            // What follows a type is the type's.
            let Some(module) = found.iter().copied().find_map(Meaning::module) else {
                break;
            };
            found = match name.as_str() {
                "crate" => BTreeSet::from([Meaning::Module(0)]),
                "self" => BTreeSet::from([Meaning::Module(module)]),
                "super" => BTreeSet::from([Meaning::Module(self.modules[module].parent)]),
                name => self.look_up(module, name),
            };
            if found.is_empty() {
                // A name nobody wrote: a macro made it in the module named, or it comes from outside the crate.
                let made = if step == 0 {
                    Meaning::Foreign
                } else {
                    Meaning::Item(module)
                };
                found.insert(made);
            }
        }
        found
    }

    /// What a name stands for in a module; nothing where it is not to be found there.
    fn look_up(&mut self, module: usize, name: &str) -> BTreeSet<Meaning> {
        let here = &self.modules[module];
        let mut found = BTreeSet::new();
        found.extend(here.children.get(name).map(|&c| Meaning::Module(c)));
        found.extend(here.items.get(name).map(|_| Meaning::Item(module)));
        // The path of an import may begin with the name that it brings, as in `use prove::prove`.
        let asked = (module, name.to_owned());
        if !self.asked.contains(&asked) {
            self.asked.push(asked);
            found.extend(self.imported_as(module, Some(name)));
            // What comes with a glob gives way; a module and a function of one name do not meet.
            if found.iter().all(|m| m.module().is_some()) {
                let globs = self.imported_as(module, None).into_iter();
                let opened = globs.filter_map(Meaning::module);
                found.extend(opened.flat_map(|m| self.look_up(m, name)));
            }
            self.asked.pop();
        }
        found
    }

    /// What a module imports under a name, or what it imports everything of.
    fn imported_as(&mut self, module: usize, name: Option<&str>) -> BTreeSet<Meaning> {
        let imports = self.modules[module].imports.iter();
        let named = imports.filter(|i| i.name.as_deref() == name);
        named.flat_map(|i| self.resolve(module, &i.path)).collect()
    }
}
