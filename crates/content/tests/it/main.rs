//! Legal texts, languages and the public site.

#![cfg(test)]

mod legal;
mod pages;
