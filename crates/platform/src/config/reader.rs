//! Merges the sources, remembers where every value came from, and reads typed values out of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Empty, Tag, Value};
use figment::{Figment, Provider};
use serde::de::DeserializeOwned;

use super::sources::{ALIASES, KEYS, Shape, Sources};
use super::{ConfigProblems, Problem};

/// Reads settings one by one; what is wrong is noted and replaced by the default, so that all of it is told at once.
pub(super) struct Reader {
    figment: Figment,
    pub(super) file: Option<PathBuf>,
    origins: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Reader {
    pub fn new(sources: &Sources) -> Self {
        let mut reader = Self {
            figment: Figment::new(),
            file: sources.file.clone(),
            origins: BTreeMap::new(),
            problems: Vec::new(),
        };
        if let Some(path) = &sources.file {
            reader.add_file(path);
        }
        for (name, text) in &sources.env {
            reader.add_variable(name, text);
        }
        for (key, text) in &sources.flags {
            reader.add_text(key, text, format!("flag for {key}"));
        }
        reader
    }

    fn add_file(&mut self, path: &Path) {
        let source = format!("file {}", path.display());
        let values = match Toml::file_exact(path).data() {
            Ok(profiles) => profiles.into_values().next().unwrap_or_default(),
            Err(error) => return self.problem("file", source, format!("it cannot be read: {error}")),
        };
        for (key, value) in flatten(None, &values) {
            if KEYS.iter().any(|spec| spec.key == key) {
                self.set(&key, value, source.clone());
            } else {
                self.problem(&key, source.clone(), unknown(&key));
            }
        }
    }

    fn add_variable(&mut self, name: &str, text: &str) {
        let source = format!("environment variable {name}");
        if let Some((_, key)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
            // The long name wins over the borrowed one, whatever the order of the environment.
            if !text.is_empty() && !self.origins.get(*key).is_some_and(|origin| origin.contains(" HAIRLINE_")) {
                self.add_text(key, text, source);
            }
            return;
        }
        let Some(rest) = name.strip_prefix("HAIRLINE_") else { return };
        // HAIRLINE_TEST_* belongs to the test kit, HAIRLINE_DEMO_SCALE to the demonstration.
        if rest == "CONFIG" || rest == "DEMO_SCALE" || rest.starts_with("TEST_") {
            return;
        }
        match KEYS.iter().find(|spec| spec.variable() == name) {
            Some(spec) => self.add_text(spec.key, text, source),
            None => self.problem(name, source, unknown(&rest.to_lowercase())),
        }
    }

    fn add_text(&mut self, key: &str, text: &str, source: String) {
        let Some(spec) = KEYS.iter().find(|spec| spec.key == key) else {
            return self.problem(key, source, unknown(key));
        };
        let value = match spec.shape {
            Shape::Text => Value::from(text),
            Shape::Number => match text.parse::<u64>() {
                Ok(number) => Value::from(number),
                Err(_) => return self.problem(key, source, "give a whole number"),
            },
            Shape::Switch => match text {
                "true" | "1" | "yes" | "on" => Value::from(true),
                "false" | "0" | "no" | "off" => Value::from(false),
                _ => return self.problem(key, source, "give true or false"),
            },
            Shape::List => Value::from(
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(String::from).collect::<Vec<_>>(),
            ),
        };
        self.set(key, value, source);
    }

    fn set(&mut self, key: &str, value: Value, source: String) {
        self.figment = std::mem::take(&mut self.figment).merge((key, value));
        self.origins.insert(key.to_owned(), source);
    }

    /// Puts a value below everything else: used only for keys that no source gives.
    pub fn set_default_text(&mut self, key: &str, text: &str, source: String) {
        if !self.is_set(key) {
            self.set(key, Value::from(text), source);
        }
    }

    /// Whether any source gives this setting.
    pub fn is_set(&self, key: &str) -> bool {
        self.origins.contains_key(key)
    }

    /// Where the value in force came from.
    pub fn source(&self, key: &str) -> String {
        self.origins.get(key).cloned().unwrap_or_else(|| "default".to_owned())
    }

    /// Notes a problem of a setting.
    pub fn refuse(&mut self, key: &str, what: impl Into<String>) {
        self.problem(key, self.source(key), what);
    }

    fn problem(&mut self, key: &str, source: String, what: impl Into<String>) {
        self.problems.push(Problem { key: key.to_owned(), source, what: what.into() });
    }

    /// The value as the file's type; `None` when absent or (noted) of another type.
    fn value<T: DeserializeOwned>(&mut self, key: &str, expected: &str) -> Option<T> {
        if !self.is_set(key) {
            return None;
        }
        // The error of the library quotes the value, which may be a secret.
        match self.figment.extract_inner(key) {
            Ok(value) => Some(value),
            Err(_) => {
                self.refuse(key, format!("give {expected}"));
                None
            }
        }
    }

    /// A text.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let text: String = self.value(key, "a text in quotes")?;
        (!text.is_empty()).then_some(text)
    }

    /// A text that is parsed further.
    pub fn parsed<T: FromStr>(&mut self, key: &str, expected: &str) -> Option<T> {
        let parsed = self.text(key)?.parse().ok();
        if parsed.is_none() {
            self.refuse(key, format!("give {expected}"));
        }
        parsed
    }

    /// One of a few words.
    pub fn word<T: DeserializeOwned>(&mut self, key: &str, words: &str) -> Option<T> {
        let parsed = serde_json::from_value(serde_json::Value::String(self.text(key)?)).ok();
        if parsed.is_none() {
            self.refuse(key, format!("give one of {words}"));
        }
        parsed
    }

    /// A list of texts, each parsed.
    pub fn list<T: FromStr>(&mut self, key: &str, expected: &str) -> Vec<T> {
        let texts: Vec<String> = self.value(key, "a list of texts").unwrap_or_default();
        let parsed: Vec<T> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        if parsed.len() < texts.len() {
            self.refuse(key, format!("every entry must be {expected}"));
        }
        parsed
    }

    /// A switch.
    pub fn switch(&mut self, key: &str) -> Option<bool> {
        self.value(key, "true or false")
    }

    /// A whole number within bounds.
    pub fn number(&mut self, key: &str, default: u32, min: u32, max: u32) -> u32 {
        let expected = format!("a whole number from {min} to {max}");
        match self.value::<u32>(key, &expected) {
            Some(number) if (min..=max).contains(&number) => number,
            Some(_) => {
                self.refuse(key, format!("give {expected}"));
                default
            }
            None => default,
        }
    }

    /// The result, unless anything was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, ConfigProblems> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(ConfigProblems(self.problems)),
        }
    }
}

fn unknown(key: &str) -> String {
    let wanted = key.replace('.', "_");
    let near = KEYS.iter().map(|spec| spec.key).find(|known| {
        let known = known.replace('.', "_");
        known.ends_with(&wanted) || wanted.ends_with(&known) || differ_by_one(&known, &wanted)
    });
    match near {
        Some(near) => format!("there is no such setting; did you mean {near}?"),
        None => "there is no such setting; check its spelling or remove it".to_owned(),
    }
}

/// Whether the texts are equal but for one letter put in, left out or changed.
fn differ_by_one(a: &str, b: &str) -> bool {
    let same_start = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let same_end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    let longer = a.len().max(b.len());
    a.len().abs_diff(b.len()) <= 1 && same_start + same_end + 1 >= longer
}

fn flatten(prefix: Option<&str>, values: &Dict) -> Vec<(String, Value)> {
    let mut flat = Vec::new();
    for (name, value) in values {
        let key = prefix.map_or_else(|| name.clone(), |prefix| format!("{prefix}.{name}"));
        match value {
            Value::Dict(_, inner) if !inner.is_empty() => flat.extend(flatten(Some(&key), inner)),
            Value::Dict(..) => flat.push((key, Value::Empty(Tag::Default, Empty::None))),
            _ => flat.push((key, value.clone())),
        }
    }
    flat
}
