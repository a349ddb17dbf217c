//! Handlers the router knows by one type.
//!
//! A router keeps every handler inside of a dozen types, and for each of them the compiler proves anew that whatever the
//! handler awaits may move to another thread. Behind a pointer it proves that once; a wing is built in half of the time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::{self, MethodRouter};

use crate::App;

/// What a handler answers in the end.
type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler behind a pointer.
#[derive(Clone)]
pub struct Handled(Arc<dyn Fn(Request, App) -> Answer + Send + Sync>);

impl Handler<(), App> for Handled {
    type Future = Answer;

    fn call(self, request: Request, app: App) -> Answer {
        (self.0)(request, app)
    }
}

/// Puts a handler behind a pointer.
pub fn handled<H, T>(handler: H) -> Handled
where
    H: Handler<T, App, Future = Answer>,
{
    Handled(Arc::new(move |request, app| handler.clone().call(request, app)))
}

/// Answers GET and HEAD.
pub fn get<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App, Future = Answer>,
{
    routing::get(handled(handler))
}

/// Answers POST.
pub fn post<H, T>(handler: H) -> MethodRouter<App>
where
    H: Handler<T, App, Future = Answer>,
{
    routing::post(handled(handler))
}

thread_local! {
    static IS_DESCRIBED: Cell<bool> = const { Cell::new(false) };
}

/// Puts routes together with their description. Without it [`routes!`](crate::routes) leaves the description out: a
/// server answers with the routes alone, and the description of all of them takes ten megabytes.
pub fn described<T>(make: impl FnOnce() -> T) -> T {
    let before = IS_DESCRIBED.replace(true);
    let made = make();
    IS_DESCRIBED.set(before);
    made
}

/// A part of a description, where one is asked for.
pub fn if_described<T: Default>(part: T) -> T {
    if IS_DESCRIBED.get() { part } else { T::default() }
}

/// What the macro of the same name of `utoipa_axum` makes of described handlers, each behind a pointer.
#[macro_export]
macro_rules! routes {
    ($($handler:path),+ $(,)?) => {{
        use ::utoipa_axum::PathItemExt as _;
        let mut paths = ::utoipa::openapi::path::Paths::new();
        let mut schemas = ::std::vec::Vec::<(
            ::std::string::String,
            ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema>,
        )>::new();
        let router = ::axum::routing::MethodRouter::new();
        $(
            let (path, item, methods) = ::utoipa_axum::routes!(@resolve_types $handler : schemas);
            let router = methods.iter().fold(router, |router, method| {
                router.on(method.to_method_filter(), $crate::web::routing::handled($handler))
            });
            let item = $crate::web::routing::if_described(item);
            paths.add_path_operation(&path, methods, item);
        )+
        ($crate::web::routing::if_described(schemas), paths, router)
    }};
}
