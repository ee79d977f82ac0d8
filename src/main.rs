//! The program; there is nothing to run yet.

fn main() {}
