//! The treatment wing on a real database, both engines.

#![cfg(test)]

mod access;
mod golden;
mod pages;
mod support;
