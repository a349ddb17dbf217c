//! A client that drives a router in this process: no socket, no login.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use kernel::Actor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tower::ServiceExt;

/// A file of a multipart request.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The form field.
    pub field: String,
    /// The name the file had.
    pub file_name: String,
    /// The type the client claims.
    pub content_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// A JPEG in the field `file`.
    pub fn jpeg(bytes: Vec<u8>) -> Self {
        Self { field: "file".into(), file_name: "picture.jpg".into(), content_type: "image/jpeg".into(), bytes }
    }

    /// The same file in another field.
    pub fn in_field(mut self, field: &str) -> Self {
        self.field = field.to_owned();
        self
    }

    /// The same file under another name.
    pub fn named(mut self, file_name: &str) -> Self {
        self.file_name = file_name.to_owned();
        self
    }
}

/// Sends requests as one actor. Clones share the router and differ in who asks.
#[derive(Clone)]
pub struct Client {
    router: Router,
    actor: Option<Actor>,
    headers: HeaderMap,
}

impl Client {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, actor: None, headers: HeaderMap::new() }
    }

    /// The same client asking another server.
    pub fn on(&self, router: Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// The same client asking as this actor.
    pub fn as_actor(&self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self.clone() }
    }

    /// The same client sending one more header with every request.
    #[track_caller]
    pub fn header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().expect("a header name");
        client.headers.insert(name, value.parse::<HeaderValue>().expect("a header value"));
        client
    }

    /// The same client sending a header once more, as another line.
    #[track_caller]
    pub fn another_header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().expect("a header name");
        client.headers.append(name, value.parse::<HeaderValue>().expect("a header value"));
        client
    }

    /// The same with a value that is no text.
    #[track_caller]
    pub fn raw_header(&self, name: &str, value: &[u8]) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().expect("a header name");
        client.headers.append(name, HeaderValue::from_bytes(value).expect("a header value"));
        client
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::POST, path, body).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::PATCH, path, body).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::PUT, path, body).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// DELETE with a JSON body.
    pub async fn delete_with(&self, path: &str, body: impl Serialize) -> Reply {
        self.json(Method::DELETE, path, body).await
    }

    /// Any method with a JSON body.
    pub async fn send_json(&self, method: &str, path: &str, body: impl Serialize) -> Reply {
        self.json(method.parse().expect("a method"), path, body).await
    }

    /// POST of any body.
    pub async fn raw(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.send(Method::POST, path, Some((content_type.to_owned(), body.into()))).await
    }

    /// POST of a page's form.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        self.raw(path, "application/x-www-form-urlencoded", body.join("&")).await
    }

    /// POST of fields and files.
    pub async fn multipart(&self, path: &str, fields: &[(&str, &str)], files: &[Upload]) -> Reply {
        self.send(Method::POST, path, Some(form_of(fields, files))).await
    }

    /// PUT of files.
    pub async fn put_multipart(&self, path: &str, files: &[Upload]) -> Reply {
        self.send(Method::PUT, path, Some(form_of(&[], files))).await
    }

    async fn json(&self, method: Method, path: &str, body: impl Serialize) -> Reply {
        let body = serde_json::to_vec(&body).expect("a body that is JSON");
        self.send(method, path, Some(("application/json".to_owned(), body))).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<(String, Vec<u8>)>) -> Reply {
        let line = format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(path);
        let mut headers = self.headers.clone();
        let body = match body {
            Some((content_type, bytes)) => {
                headers.entry(CONTENT_TYPE).or_insert(content_type.parse().expect("a content type"));
                Body::from(bytes)
            }
            None => Body::empty(),
        };
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        if let (Some(extensions), Some(actor)) = (request.extensions_mut(), &self.actor) {
            extensions.insert(actor.clone());
        }
        let request = request.body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        Reply::read(line, response).await
    }
}

/// A multipart body with its type.
fn form_of(fields: &[(&str, &str)], files: &[Upload]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "boundary-of-the-test-kit-7d1c";
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(head.as_bytes());
    }
    for Upload { field, file_name, content_type, bytes } in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {content_type}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is something else.
    pub json: Json,
    /// The body as it came.
    pub body: Vec<u8>,
    /// What the handler said about its answer to the program itself.
    pub extensions: axum::http::Extensions,
    /// What was asked, for messages of failed tests.
    line: String,
}

impl Reply {
    async fn read(line: String, response: axum::response::Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body to its end").to_bytes().to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Json::Null);
        let (status, headers, extensions) = (parts.status, parts.headers, parts.extensions);
        Self { status, headers, json, body, extensions, line }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Fails unless the status is this one; shows the body then.
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} answered {}", self.line, self.text());
        self
    }

    /// Fails unless this is a problem document with that status and code.
    #[track_caller]
    pub fn assert_problem(self, status: u16, code: &str) -> Self {
        let reply = self.assert_status(status);
        assert_eq!(reply.json.get("code").and_then(Json::as_str), Some(code), "{}: {}", reply.line, reply.text());
        let content_type = reply.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        assert_eq!(content_type, Some("application/problem+json"), "{}", reply.line);
        reply
    }

    /// Fails unless the problem document blames the field with that code.
    #[track_caller]
    pub fn assert_field(self, field: &str, code: &str) -> Self {
        let codes: Vec<&str> = self.json["errors"][field]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["code"].as_str())
            .collect();
        assert!(codes.contains(&code), "{}: {field} lacks {code}: {}", self.line, self.text());
        self
    }

    /// The value at a JSON pointer (`/data/0/id`); fails when there is none.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Json {
        self.json.pointer(pointer).unwrap_or_else(|| panic!("{}: nothing at {pointer} in {}", self.line, self.text()))
    }

    /// The text at a JSON pointer; fails when there is none.
    #[track_caller]
    pub fn str(&self, pointer: &str) -> &str {
        let value = self.at(pointer);
        value.as_str().unwrap_or_else(|| panic!("{}: no text at {pointer}: {value}", self.line))
    }

    /// The value at a JSON pointer as a type: `reply.get::<QuoteId>("/id")`.
    #[track_caller]
    pub fn get<T: DeserializeOwned>(&self, pointer: &str) -> T {
        let value = self.at(pointer);
        serde_json::from_value(value.clone())
            .unwrap_or_else(|error| panic!("{}: {pointer}: {error}: {value}", self.line))
    }

    /// The whole body as a type.
    #[track_caller]
    pub fn into<T: DeserializeOwned>(&self) -> T {
        self.get("")
    }
}
