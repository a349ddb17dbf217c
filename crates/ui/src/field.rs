//! One field of a form, with its label, hint and fault.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::Form;

/// One of the values a field offers.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line below the label, where there is room.
    pub hint: Option<String>,
}

impl Choice {
    /// A value with its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// The same with a line below.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One field, ready to be printed.
#[derive(Clone, Debug, Template)]
#[template(path = "c/field.html")]
pub struct Field {
    kind: &'static str,
    name: String,
    id: String,
    label: String,
    values: Vec<String>,
    error: Option<String>,
    hint: Option<String>,
    required: bool,
    quiet: bool,
    disabled: bool,
    autofocus: bool,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    accept: &'static str,
    placeholder: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    min: Option<String>,
    max: Option<String>,
    step: Option<&'static str>,
    maxlength: Option<u32>,
    rows: u8,
    choices: Vec<Choice>,
    compact: bool,
}

impl HtmlSafe for Field {}

impl Field {
    pub(crate) fn new(kind: &'static str, name: &str, label: String, form: &Form) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            id: name.replace(['.', '[', ']'], "-"),
            label,
            values: form.values_of(name),
            error: form.error(name).map(str::to_owned),
            hint: None,
            required: false,
            quiet: false,
            disabled: false,
            autofocus: false,
            autocomplete: None,
            inputmode: None,
            accept: "",
            placeholder: None,
            prefix: None,
            suffix: None,
            min: None,
            max: None,
            step: None,
            maxlength: None,
            rows: 4,
            choices: Vec::new(),
            compact: false,
        }
    }

    fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn holds(&self, value: &str) -> bool {
        self.values.iter().any(|held| held == value)
    }

    fn described(&self) -> bool {
        self.error.is_some() || self.hint.is_some()
    }

    /// A line that helps to fill it in.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// It cannot be left out.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The label is for those who hear the page only.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// It cannot be changed now.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// The page begins here.
    pub fn autofocus(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// What the browser may fill in.
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// Which keyboard a phone shows.
    pub fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// Which files it takes.
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// Another id than its name: a page with several forms has fields of one name more than once.
    pub fn apart(mut self, word: impl std::fmt::Display) -> Self {
        self.id = format!("{word}-{}", self.id);
        self
    }

    /// An example inside the empty field.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = Some(text.into());
        self
    }

    /// What stands before the value (a currency).
    pub fn prefix(mut self, text: impl Into<String>) -> Self {
        self.prefix = Some(text.into());
        self
    }

    /// What stands behind the value (a unit).
    pub fn suffix(mut self, text: impl Into<String>) -> Self {
        self.suffix = Some(text.into());
        self
    }

    /// Its smallest value.
    pub fn min(mut self, min: impl ToString) -> Self {
        self.min = Some(min.to_string());
        self
    }

    /// Its largest value.
    pub fn max(mut self, max: impl ToString) -> Self {
        self.max = Some(max.to_string());
        self
    }

    /// The steps between its values.
    pub fn step(mut self, step: &'static str) -> Self {
        self.step = Some(step);
        self
    }

    /// How many characters it takes.
    pub fn maxlength(mut self, length: u32) -> Self {
        self.maxlength = Some(length);
        self
    }

    /// How many lines of text it shows.
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// The values it offers.
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Choices side by side instead of below each other.
    pub fn compact(mut self) -> Self {
        self.compact = true;
        self
    }
}
