//! Where a municipality's square stands on the tile map: roughly where it lies in Gyeonggi, with Seoul left open.

/// Columns of the map.
pub const COLUMNS: usize = 6;
/// Where Seoul lies, which is not part of the province.
pub const SEOUL: Place = Place { column: 1, row: 3 };

/// A square of the map, counted from the north-west, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub column: usize,
    pub row: usize,
}

/// Rows from north to south; a full stop is an empty square.
const GYEONGGI: [[&str; COLUMNS]; 9] = [
    [".", ".", "연천", ".", ".", "."],
    [".", "파주", "동두천", "포천", ".", "."],
    [".", "고양", "양주", "의정부", "가평", "."],
    ["김포", ".", ".", "구리", "남양주", "."],
    ["부천", "광명", "과천", "하남", "광주", "양평"],
    ["시흥", "안양", "의왕", "성남", "이천", "여주"],
    ["안산", "군포", "수원", "용인", ".", "."],
    [".", "화성", "오산", "안성", ".", "."],
    [".", "평택", ".", ".", ".", "."],
];

/// Places for municipalities with these Korean names, in their order. A name that the province does not have is placed below the map.
pub fn places<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Place> {
    let mut strangers = 0;
    names
        .map(|name| {
            place_of(stem(name)).unwrap_or_else(|| {
                let place = Place {
                    column: strangers % COLUMNS,
                    row: GYEONGGI.len() + strangers / COLUMNS,
                };
                strangers += 1;
                place
            })
        })
        .collect()
}

/// The name without its kind: 시, 군 or 구.
pub fn stem(name: &str) -> &str {
    ["시", "군", "구"]
        .iter()
        .find_map(|kind| name.strip_suffix(kind))
        .filter(|stem| stem.chars().count() >= 2)
        .unwrap_or(name)
}

fn place_of(name: &str) -> Option<Place> {
    GYEONGGI.iter().enumerate().find_map(|(row, squares)| {
        let column = squares.iter().position(|square| *square == name)?;
        Some(Place { column, row })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const NAMES: [&str; 31] = [
        "수원시",
        "성남시",
        "의정부시",
        "안양시",
        "부천시",
        "광명시",
        "평택시",
        "동두천시",
        "안산시",
        "고양시",
        "과천시",
        "구리시",
        "남양주시",
        "오산시",
        "시흥시",
        "군포시",
        "의왕시",
        "하남시",
        "용인시",
        "파주시",
        "이천시",
        "안성시",
        "김포시",
        "화성시",
        "광주시",
        "양주시",
        "포천시",
        "여주시",
        "연천군",
        "가평군",
        "양평군",
    ];

    #[test]
    fn each_of_the_31_municipalities_has_its_own_square_on_the_map() {
        let places: BTreeSet<Place> = places(NAMES.into_iter()).into_iter().collect();
        assert_eq!(places.len(), 31);
        assert!(places.iter().all(|p| p.row < GYEONGGI.len() && *p != SEOUL));
    }

    #[test]
    fn a_municipality_of_elsewhere_is_placed_below() {
        let places = places(["수원시", "가상시", "Atlantis"].into_iter());
        assert_eq!(places[0], Place { column: 2, row: 6 });
        assert_eq!(places[1], Place { column: 0, row: 9 });
        assert_eq!(places[2], Place { column: 1, row: 9 });
    }

    #[test]
    fn the_stem_of_a_name_keeps_two_syllables() {
        assert_eq!(stem("시흥시"), "시흥");
        assert_eq!(stem("대구"), "대구");
    }
}
