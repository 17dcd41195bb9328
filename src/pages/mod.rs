//! One module per page. A page puts components together; what it knows comes from `state`, what it does goes through `services`.

mod about;
mod check;
mod elsewhere;
mod home;
mod kiosk;
mod live;
mod nodes;
mod recount;
mod rights;
mod self_test;
mod unknown;
mod vote;

pub use about::About;
pub use check::Check;
pub use elsewhere::Elsewhere;
pub use home::Home;
pub use kiosk::Kiosk;
pub use live::Live;
pub use nodes::Nodes;
pub use recount::Recount;
pub use rights::Rights;
pub use self_test::SelfTest;
pub use unknown::Unknown;
pub use vote::Vote;
