//! A request from the first step of the form to its end, over HTTP and on both engines.

#![cfg(test)]

mod cases;
mod common;
mod oversight;
mod sent;
mod submit;
mod wizard;
