//! M32: rendered like the reference, safe against the public injection lists, bounded, and fast by a way that is
//! proven to be the same.

mod bounds;
mod chat;
mod code;
mod conformance;
mod excerpts;
mod injections;
mod inspector;
mod math;
mod mentions;
mod properties;
mod visible;
