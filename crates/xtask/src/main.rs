//! The `xtask` executable, behind `cargo xtask`.

fn main() -> anyhow::Result<()> {
    xtask::run()
}
