//! A form as it is shown: values, faults beside their fields, and what was typed kept.

use std::collections::BTreeMap;

use kernel::AppError;
use platform::locale::{self, Locale};

use crate::field::{Choice, Field};
use crate::html::{Html, escape};
use crate::parts::{Tone, alert};
use crate::{Chrome, Posted, is_secret};

/// The state of a form: what its fields hold and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct Form {
    locale: Locale,
    csrf: String,
    values: BTreeMap<String, Vec<String>>,
    errors: BTreeMap<String, String>,
    alert: Option<String>,
}

impl Form {
    /// An empty form.
    pub fn new(chrome: &Chrome) -> Self {
        Self { locale: chrome.locale, csrf: chrome.csrf.clone(), ..Self::default() }
    }

    /// A form that holds what was sent. Passwords and cards are never given back.
    pub fn posted(chrome: &Chrome, posted: &Posted) -> Self {
        let mut form = Self::new(chrome);
        for (name, value) in &posted.0 {
            if !is_secret(name) {
                form.values.entry(name.clone()).or_default().push(value.clone());
            }
        }
        form
    }

    /// The same form with a value in a field.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// The same form with a value in a field, when there is one.
    pub fn with_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The same form with what a refusal says: beside the fields it names, and above all of them.
    pub fn refused(mut self, error: &AppError) -> Self {
        for (field, faults) in &error.fields.0 {
            if let Some(fault) = faults.first() {
                // What the refusal as a whole says may name its reason: that is said beside the field as well.
                let of_all = (fault.code == error.code && error.extra.contains_key("reason"))
                    .then(|| locale::error_sentence(self.locale, error));
                let sentence = of_all
                    .or_else(|| locale::find_text(self.locale, &format!("error-{}", fault.code)))
                    .or_else(|| locale::find_text(self.locale, &format!("field-{}", fault.code)))
                    .unwrap_or_else(|| fault.message.clone());
                self.errors.insert(field.clone(), sentence);
            }
        }
        self.alert = Some(locale::error_sentence(self.locale, error));
        self
    }

    /// What a field holds.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether a field that may hold several values holds this one.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|held| held == value))
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }

    /// Whether anything is wrong.
    pub fn is_refused(&self) -> bool {
        self.alert.is_some()
    }

    /// The sentence above the fields, and the faults of fields this page does not show.
    pub fn summary(&self) -> Html {
        match &self.alert {
            Some(sentence) => alert(Tone::Bad, sentence, ""),
            None => Html::default(),
        }
    }

    /// The hidden field every form carries.
    pub fn csrf(&self) -> Html {
        Html(format!("<input type=\"hidden\" name=\"_csrf\" value=\"{}\">", escape(&self.csrf)))
    }

    /// A hidden field.
    pub fn hidden(&self, name: &str, value: impl std::fmt::Display) -> Html {
        let (name, value) = (escape(name), escape(&value.to_string()));
        Html(format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"))
    }

    /// A field of any kind of `input`.
    pub fn input(&self, kind: &'static str, name: &str, label: impl Into<String>) -> Field {
        Field::new(kind, name, label.into(), self)
    }

    /// A line of text.
    pub fn text(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("text", name, label)
    }

    /// An address for mail.
    pub fn email(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("email", name, label).autocomplete("email")
    }

    /// Six digits of a mail or an app: one field that looks like six boxes.
    pub fn code(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("code", name, label).autocomplete("one-time-code").inputmode("numeric").maxlength(12)
    }

    /// A password; `autocomplete` is `current-password` or `new-password`.
    pub fn password(&self, name: &str, label: impl Into<String>, autocomplete: &'static str) -> Field {
        self.input("password", name, label).autocomplete(autocomplete)
    }

    /// A telephone number.
    pub fn tel(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("tel", name, label).autocomplete("tel")
    }

    /// A whole number.
    pub fn number(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("number", name, label).inputmode("numeric")
    }

    /// An amount of money.
    pub fn amount(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("text", name, label).inputmode("decimal")
    }

    /// A day.
    pub fn date(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("date", name, label)
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("textarea", name, label)
    }

    /// The address of another page that is to lead to the same `next` as this form.
    pub fn with_next(&self, path: &str) -> String {
        match self.value("next") {
            "" => path.to_owned(),
            next => format!("{path}?next={}", crate::encode(next)),
        }
    }

    /// One of a few values.
    pub fn select(&self, name: &str, label: impl Into<String>, choices: &[Choice]) -> Field {
        self.input("select", name, label).choices(choices.to_vec())
    }

    /// One of a few values, all in sight.
    pub fn radios(&self, name: &str, label: impl Into<String>, choices: &[Choice]) -> Field {
        self.input("radios", name, label).choices(choices.to_vec())
    }

    /// Any of a few values, all in sight.
    pub fn checks(&self, name: &str, label: impl Into<String>, choices: &[Choice]) -> Field {
        self.input("checks", name, label).choices(choices.to_vec())
    }

    /// A box to tick, sent as `true`.
    pub fn tick(&self, name: &str, label: impl Into<String>) -> Field {
        self.input("tick", name, label)
    }

    /// A file, with its preview and progress where the script runs.
    pub fn file(&self, name: &str, label: impl Into<String>, accept: &'static str) -> Field {
        self.input("file", name, label).accept(accept)
    }

    pub(crate) fn values_of(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use kernel::Actor;

    use super::*;

    fn chrome() -> Chrome {
        Chrome::new(Locale::En, &Actor::anonymous(), "/", "token".to_owned(), kernel::Timestamp::default())
    }

    #[test]
    fn what_was_typed_stays_beside_its_fault_and_passwords_do_not() {
        let posted = Posted(vec![
            ("email".to_owned(), "<b>@x".to_owned()),
            ("password".to_owned(), "secret".to_owned()),
            ("_csrf".to_owned(), "old".to_owned()),
        ]);
        let error = AppError::field("email", "email_invalid", "Not an address.");
        let form = Form::posted(&chrome(), &posted).refused(&error);
        let field = form.email("email", "E-mail").to_string();
        assert!(field.contains("value=\"&#60;b&#62;@x\"") || field.contains("value=\"&lt;b&gt;@x\""), "{field}");
        assert!(field.contains("aria-invalid=\"true\"") && field.contains("id=\"email-error\""), "{field}");
        assert!(!form.password("password", "Password", "new-password").to_string().contains("secret"));
        assert!(form.csrf().to_string().contains("value=\"token\""));
    }
}
