//! How the program is put together.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Functions of two types are often the same machine code. The linker that comes with Rust keeps one of them in what is
    // handed out: less program to hold in memory.
    let is = |name: &str, value: &str| std::env::var(name).as_deref() == Ok(value);
    if is("TARGET", "x86_64-unknown-linux-gnu") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    }
}
