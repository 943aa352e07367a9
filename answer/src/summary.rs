//! A verdict as text, before anybody decides how it looks.

/// What verification says of an answer or a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The verdict, in capitals.
    pub word: &'static str,
    /// What it is about: dataset and snapshot.
    pub of: String,
    /// Names and values that were verified, where they are no table.
    pub values: Vec<(String, String)>,
    /// What was established, what it rests on and what is left open: a heading, empty where that of the line before
    /// goes on, and a sentence without its full stop.
    pub lines: Vec<(&'static str, String)>,
}
