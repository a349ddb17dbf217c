//! The executable as its users run it.

#![cfg(test)]

mod commands;
mod demo;
mod kill;
mod running;
mod two_servers;
