//! The modules of a crate, and every name and path that their sources write down. What macros make is not seen; what
//! is handed to them is. Tests are left out.

use super::workspace::{Error, text};
use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    path::{Path, PathBuf},
};
use syn::{
    Attribute, Expr, ExprLit, Ident, Item, Lit, Meta, Token, UseTree, Visibility,
    punctuated::Punctuated,
    visit::{self, Visit},
};

/// A module, in a file of its own or inline.
pub struct Module {
    /// Path of the module that the file holds, such as `nectar_params::lock`. Modules inline are part of it.
    pub file: String,
    /// Index of the module around it; that of the crate's root is its own.
    pub parent: usize,
    /// Indices of the modules declared in it.
    pub children: BTreeMap<String, usize>,
    /// What else is defined in it.
    pub items: BTreeSet<String>,
    /// Its `use` declarations, those in functions too.
    pub imports: Vec<Import>,
    /// Every path in its code, split at `::`.
    pub paths: BTreeSet<Vec<String>>,
    /// Where the files of its children are.
    folder: PathBuf,
}

/// One name of a `use` declaration.
pub struct Import {
    /// What is imported, split at `::`.
    pub path: Vec<String>,
    /// As what; none for everything that the path holds.
    pub name: Option<String>,
    /// Whether others see it: a re-export.
    pub public: bool,
}

/// Reads a crate from the file of its root. The first module is the root.
pub fn read(root: &Path, name: &str) -> Result<Vec<Module>, Error> {
    let folder = root.parent().unwrap_or(Path::new(""));
    let mut modules = vec![Module::new(name.into(), 0, folder.into())];
    let mut files = vec![(0, root.to_path_buf())];
    while let Some((module, file)) = files.pop() {
        let parsed = syn::parse_file(&text(&file)?).map_err(|e| Error::new(&file, e))?;
        let mut reader = Reader {
            modules: &mut modules,
            files: &mut files,
            file: &file,
            module,
            inline: false,
        };
        reader.visit_file(&parsed);
    }
    Ok(modules)
}

impl Module {
    fn new(file: String, parent: usize, folder: PathBuf) -> Self {
        Module {
            file,
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            paths: BTreeSet::new(),
            folder,
        }
    }
}

/// Reads one file.
struct Reader<'a> {
    modules: &'a mut Vec<Module>,
    /// Files still to be read, each with its module.
    files: &'a mut Vec<(usize, PathBuf)>,
    file: &'a Path,
    /// Where the reader is.
    module: usize,
    /// Whether that module begins within the file.
    inline: bool,
}

impl Reader<'_> {
    fn here(&mut self) -> &mut Module {
        &mut self.modules[self.module]
    }

    fn declare(&mut self, name: String, file: String, folder: PathBuf) -> usize {
        let child = self.modules.len();
        let module = Module::new(file, self.module, folder);
        self.modules.push(module);
        self.here().children.insert(name, child);
        child
    }

    /// The file of a module declared here, and the folder of its children.
    fn locate(&mut self, name: &str, attributes: &[Attribute]) -> (PathBuf, PathBuf) {
        let folder = self.here().folder.clone();
        if let Some(path) = attributes.iter().find_map(path_attribute) {
            let beside = self.file.parent().unwrap_or(Path::new(""));
            let file = if self.inline { &folder } else { beside }.join(path);
            let children = file.parent().unwrap_or(Path::new("")).into();
            return (file, children);
        }
        let (flat, children) = (folder.join(format!("{name}.rs")), folder.join(name));
        let nested = children.join("mod.rs");
        (if nested.is_file() { nested } else { flat }, children)
    }

    fn record(&mut self, path: Vec<String>) {
        if !path.is_empty() {
            self.here().paths.insert(path);
        }
    }

    /// Records the paths in tokens that a macro or an attribute is given: names joined by `::`, but not the fields and
    /// methods after a dot.
    fn scan(&mut self, tokens: TokenStream) {
        let (mut path, mut between) = (Vec::new(), String::new());
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if between != "::" {
                        self.record(mem::take(&mut path));
                    }
                    if !between.ends_with('.') || between.ends_with("..") {
                        path.push(name.to_string());
                    }
                    between.clear();
                }
                TokenTree::Punct(p) => between.push(p.as_char()),
                TokenTree::Literal(_) => between.push(' '),
                TokenTree::Group(group) => {
                    between.push(' ');
                    self.scan(group.stream());
                }
            }
        }
        self.record(path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_file(&mut self, file: &'ast syn::File) {
        if !test_only(&file.attrs) {
            visit::visit_file(self, file);
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        let (attributes, name) = head(item);
        if !test_only(attributes) {
            let name = name.map(Ident::to_string);
            self.here().items.extend(name);
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !test_only(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let name = module.ident.to_string();
        if name == "tests" {
            return;
        }
        if let Some((_, items)) = &module.content {
            let (file, folder) = (self.here().file.clone(), self.here().folder.join(&name));
            let child = self.declare(name, file, folder);
            let around = (self.module, self.inline);
            (self.module, self.inline) = (child, true);
            items.iter().for_each(|i| self.visit_item(i));
            (self.module, self.inline) = around;
            return;
        }
        let (file, folder) = self.locate(&name, &module.attrs);
        let path = format!("{}::{name}", self.here().file);
        let child = self.declare(name, path, folder);
        self.files.push((child, file));
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if item.leading_colon.is_none() {
            let public = !matches!(item.vis, Visibility::Inherited);
            flatten(&item.tree, Vec::new(), public, &mut self.here().imports);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.record(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.scan(call.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        visit::visit_meta_list(self, list);
        self.scan(list.tokens.clone());
    }
}

/// The names of a `use` declaration, one by one.
fn flatten(tree: &UseTree, mut path: Vec<String>, public: bool, imports: &mut Vec<Import>) {
    let (last, name) = match tree {
        UseTree::Path(step) => {
            path.push(step.ident.to_string());
            return flatten(&step.tree, path, public, imports);
        }
        UseTree::Group(group) => {
            let trees = group.items.iter();
            return trees.for_each(|t| flatten(t, path.clone(), public, imports));
        }
        UseTree::Name(name) => (Some(&name.ident), None),
        UseTree::Rename(name) => (Some(&name.ident), Some(name.rename.to_string())),
        UseTree::Glob(_) => (None, None),
    };
    let glob = last.is_none();
    // `a::{self}` is `a`.
    path.extend(last.filter(|l| *l != "self").map(Ident::to_string));
    let name = name.or_else(|| path.last().filter(|_| !glob).cloned());
    imports.push(Import { path, name, public });
}

/// An item's attributes and, unless it is a module, an import or an `impl`, its name.
fn head(item: &Item) -> (&[Attribute], Option<&Ident>) {
    match item {
        Item::Const(i) => (&i.attrs, Some(&i.ident)),
        Item::Enum(i) => (&i.attrs, Some(&i.ident)),
        Item::Fn(i) => (&i.attrs, Some(&i.sig.ident)),
        Item::Macro(i) => (&i.attrs, i.ident.as_ref()),
        Item::Static(i) => (&i.attrs, Some(&i.ident)),
        Item::Struct(i) => (&i.attrs, Some(&i.ident)),
        Item::Trait(i) => (&i.attrs, Some(&i.ident)),
        Item::Type(i) => (&i.attrs, Some(&i.ident)),
        Item::Union(i) => (&i.attrs, Some(&i.ident)),
        Item::Impl(i) => (&i.attrs, None),
        Item::Mod(i) => (&i.attrs, None),
        Item::Use(i) => (&i.attrs, None),
        _ => (&[], None),
    }
}

/// The file in `#[path = "file"]`.
fn path_attribute(attribute: &Attribute) -> Option<String> {
    let value = &attribute.meta.require_name_value().ok()?.value;
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(file),
            ..
        }) if attribute.path().is_ident("path") => Some(file.value()),
        _ => None,
    }
}

/// Whether only tests are compiled with it.
fn test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        let condition = a.path().is_ident("cfg").then(|| a.parse_args::<Meta>());
        a.path().is_ident("test") || condition.is_some_and(|c| c.is_ok_and(|c| needs_test(&c)))
    })
}

/// Whether a condition of `cfg` holds in tests only.
fn needs_test(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return condition.path().is_ident("test");
    };
    let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let parts = parts.unwrap_or_default();
    if list.path.is_ident("any") {
        !parts.is_empty() && parts.iter().all(needs_test)
    } else {
        list.path.is_ident("all") && parts.iter().any(needs_test)
    }
}
