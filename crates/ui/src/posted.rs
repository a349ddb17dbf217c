//! What a form sent, checked to come from one of our own pages.

use axum::extract::{FromRef, FromRequest, FromRequestParts, Multipart, Request};
use kernel::{AppError, AppResult};
use platform::App;
use platform::web::{CsrfForm, CsrfToken, Problem, UploadedFile, files_of};
use serde::de::DeserializeOwned;

/// The fields of a form, in the order they stood on the page.
#[derive(Clone, Debug, Default)]
pub struct Posted(pub Vec<(String, String)>);

/// Whether a field is never given back to a page nor kept anywhere: passwords, secret keys, cards, the token of the form.
pub fn is_secret(field: &str) -> bool {
    field == "_csrf" || field.contains("password") || field.contains("secret") || field.starts_with("card.")
}

impl Posted {
    /// The value of a field, without the blanks around it; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The value of a field, `None` when it is missing or blank.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field that may stand several times.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, value)| key == name && !value.trim().is_empty()).map(|(_, v)| v.trim()).collect()
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.given(name).is_some_and(|value| value != "false" && value != "0")
    }

    /// A typed value; 422 `invalid` on the field when it cannot be read, `required` when it is missing.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> AppResult<T> {
        match self.maybe(name)? {
            Some(value) => Ok(value),
            None => Err(AppError::field(name, "required", "This is required.")),
        }
    }

    /// A typed value that may be left out; 422 `invalid` on the field when it cannot be read.
    pub fn maybe<T: std::str::FromStr>(&self, name: &str) -> AppResult<Option<T>> {
        match self.given(name) {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(AppError::field(name, "invalid", "This value is not valid.")),
            },
        }
    }

    /// All fields as one typed value.
    pub fn typed<T: DeserializeOwned>(&self) -> AppResult<T> {
        let pairs = self.0.iter().map(|(name, value)| (name.as_str(), value.trim()));
        let text = serde_html_form::to_string(pairs.collect::<Vec<_>>()).map_err(AppError::internal)?;
        serde_html_form::from_str(&text).map_err(|err| AppError::field("form", "invalid", err.to_string()))
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(req: Request, state: &S) -> Result<Self, Problem> {
        CsrfForm::<Vec<(String, String)>>::from_request(req, state).await.map(|CsrfForm(pairs)| Self(pairs))
    }
}

/// The fields and files of a form with uploads.
#[derive(Clone, Debug, Default)]
pub struct PostedFiles {
    /// The text fields.
    pub fields: Posted,
    /// The files; inputs left empty are left out.
    pub files: Vec<UploadedFile>,
}

impl PostedFiles {
    /// The file of a field.
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl<S: Send + Sync> FromRequest<S> for PostedFiles
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(req: Request, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let (mut parts, body) = req.into_parts();
        let token = CsrfToken::from_request_parts(&mut parts, state).await?;
        let form = Multipart::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| AppError::malformed("The form could not be read."))?;
        let (files, texts) = files_of(form).await?;
        let given = texts.get("_csrf").map(String::as_str).unwrap_or_default();
        if !app.keys.verify_mac("csrf", &token.0, given) {
            return Err(AppError::denied("csrf_failed", "This page was open too long. Load it again.").into());
        }
        let files = files.into_iter().filter(|file| !file.bytes.is_empty()).collect();
        Ok(Self { fields: Posted(texts.into_iter().collect()), files })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn secrets_never_come_back() {
        for field in ["_csrf", "password", "current_password", "card.number", "secret_key", "webhook_secret"] {
            assert!(is_secret(field), "{field}");
        }
        assert!(!is_secret("public_key") && !is_secret("reason"));
    }

    #[test]
    fn blanks_are_nothing_and_faults_name_their_field() {
        let form = posted(&[("grafts", " 3000 "), ("note", "  "), ("day", "soon"), ("pick", "a"), ("pick", "b")]);
        assert_eq!(form.parse::<i32>("grafts").unwrap(), 3000);
        assert_eq!((form.given("note"), form.all("pick")), (None, vec!["a", "b"]));
        let missing = form.parse::<i32>("note").unwrap_err();
        assert_eq!(missing.fields.0["note"][0].code, "required");
        let wrong = form.maybe::<i32>("day").unwrap_err();
        assert_eq!(wrong.fields.0["day"][0].code, "invalid");
    }
}
