//! Where in the portal a visitor is: the part of the address after `#`, which never reaches a web server.

/// A page of the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Home,
    /// With the receipt that the link carried, if it carried one.
    Check(Option<String>),
    Rights,
    /// Casting at a polling station.
    Kiosk,
    /// Casting from a phone.
    Vote,
    Live,
    Recount,
    Nodes,
    SelfTest,
    About,
    /// No page has this address.
    Unknown,
}

impl Route {
    /// Reads the fragment of an address, with or without its `#`.
    pub fn parse(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        match path.trim_matches('/') {
            "" => Self::Home,
            "check" => Self::Check(receipt(query)),
            "rights" => Self::Rights,
            "kiosk" => Self::Kiosk,
            "vote" => Self::Vote,
            "live" => Self::Live,
            "recount" => Self::Recount,
            "nodes" => Self::Nodes,
            "self-test" => Self::SelfTest,
            "about" => Self::About,
            _ => Self::Unknown,
        }
    }

    /// The fragment that leads here, without a receipt.
    pub fn href(&self) -> &'static str {
        match self {
            Self::Home | Self::Unknown => "#/",
            Self::Check(_) => "#/check",
            Self::Rights => "#/rights",
            Self::Kiosk => "#/kiosk",
            Self::Vote => "#/vote",
            Self::Live => "#/live",
            Self::Recount => "#/recount",
            Self::Nodes => "#/nodes",
            Self::SelfTest => "#/self-test",
            Self::About => "#/about",
        }
    }

    /// Whether ballots are cast there: a module of its own holds these pages, so that nobody else loads them.
    pub fn casts(&self) -> bool {
        matches!(self, Self::Kiosk | Self::Vote)
    }

    /// Whether both are the same page, whatever receipt they carry.
    pub fn is_same_page(&self, other: &Self) -> bool {
        core::mem::discriminant(self) == core::mem::discriminant(other)
    }
}

fn receipt(query: &str) -> Option<String> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("r="))
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn every_page_is_reached_by_its_own_address() {
        for route in [
            Route::Home,
            Route::Check(None),
            Route::Rights,
            Route::Kiosk,
            Route::Vote,
            Route::Live,
            Route::Recount,
            Route::Nodes,
            Route::SelfTest,
            Route::About,
        ] {
            assert_eq!(Route::parse(route.href()), route);
        }
    }

    #[test]
    fn a_link_carries_a_receipt() {
        assert_eq!(
            Route::parse("#/check?r=CHG1-ABC"),
            Route::Check(Some("CHG1-ABC".into()))
        );
        assert_eq!(
            Route::parse("#/check?x=1&r=CHG1-ABC"),
            Route::Check(Some("CHG1-ABC".into()))
        );
        assert_eq!(Route::parse("#/check?r="), Route::Check(None));
    }

    #[test]
    fn an_address_without_a_page_is_said_to_be_unknown() {
        assert_eq!(Route::parse("#/elsewhere"), Route::Unknown);
        assert_eq!(Route::parse(""), Route::Home);
    }
}
