"""Countries: their names, where their middle is, and where they stand on a map of tiles.

The map is of our own drawing: one tile a country, 34 by 26, near its neighbours rather than to scale.
"""

import math
from functools import lru_cache
from typing import NamedTuple

EARTH = 6371.0  # kilometres
COLUMNS, ROWS = 34, 26


class Country(NamedTuple):
    """``column`` and ``row`` are None for what is too small to have a tile of its own."""

    code: str
    latitude: float
    longitude: float
    column: int | None
    row: int | None
    name: str


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    found = {}
    for line in _TABLE.strip().splitlines():
        code, latitude, longitude, column, row, name = line.split(" ", 5)
        tile = (None, None) if column == "-" else (int(column), int(row))
        found[code] = Country(code, float(latitude), float(longitude), tile[0], tile[1], name)
    return found


def name_of(code: str) -> str:
    """The name of a country; what is no country of ours is named by its code, and no country says so."""
    if not code:
        return "Local or unknown network"
    return countries()[code].name if code in countries() else code


def distance(one: str, other: str) -> float:
    """Kilometres between the middles of two countries along the ground; 0 where either is not in the table."""
    if one == other or one not in countries() or other not in countries():
        return 0.0
    a, b = countries()[one], countries()[other]
    north, east = math.radians(b.latitude - a.latitude), math.radians(b.longitude - a.longitude)
    across = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude)) * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, math.sin(north / 2) ** 2 + across)))


# Code, latitude, longitude, column, row, name.
_TABLE = """
AD 42.5 1.6 - - Andorra
AE 24 54 23 12 United Arab Emirates
AF 33.9 67.7 24 10 Afghanistan
AG 17.1 -61.8 8 13 Antigua and Barbuda
AL 41.2 20.2 16 9 Albania
AM 40.1 45 21 9 Armenia
AO -11.2 17.9 17 20 Angola
AR -34.6 -64 8 24 Argentina
AT 47.5 14.5 16 6 Austria
AU -25.3 133.8 30 23 Australia
AZ 40.1 47.6 22 9 Azerbaijan
BA 43.9 17.7 17 7 Bosnia and Herzegovina
BB 13.2 -59.5 9 15 Barbados
BD 23.7 90.4 26 12 Bangladesh
BE 50.5 4.5 14 5 Belgium
BF 12.2 -1.6 13 15 Burkina Faso
BG 42.7 25.5 19 7 Bulgaria
BH 26 50.5 22 11 Bahrain
BI -3.4 29.9 19 19 Burundi
BJ 9.3 2.3 14 16 Benin
BN 4.5 114.7 28 17 Brunei
BO -16.3 -63.6 8 21 Bolivia
BR -14.2 -51.9 9 21 Brazil
BS 25 -77.4 5 12 Bahamas
BT 27.5 90.4 26 11 Bhutan
BW -22.3 24.7 18 22 Botswana
BY 53.7 28 19 3 Belarus
BZ 17.2 -88.5 3 13 Belize
CA 56.1 -106.3 2 2 Canada
CD -4 21.8 17 19 DR Congo
CF 6.6 20.9 17 16 Central African Republic
CG -0.2 15.8 16 18 Congo
CH 46.8 8.2 15 6 Switzerland
CI 7.5 -5.5 12 16 Côte d’Ivoire
CL -35.7 -71.5 6 24 Chile
CM 7.4 12.4 15 16 Cameroon
CN 35.9 104.2 27 10 China
CO 4.6 -74.3 6 17 Colombia
CR 9.7 -83.8 4 15 Costa Rica
CU 21.5 -77.8 5 13 Cuba
CV 16 -24 10 14 Cabo Verde
CY 35.1 33.4 19 9 Cyprus
CZ 49.8 15.5 16 5 Czechia
DE 51.2 10.5 15 4 Germany
DJ 11.8 42.6 21 15 Djibouti
DK 56.3 9.5 15 3 Denmark
DM 15.4 -61.4 8 14 Dominica
DO 18.7 -70.2 7 12 Dominican Republic
DZ 28 1.7 13 11 Algeria
EC -1.8 -78.2 5 18 Ecuador
EE 58.6 25 17 2 Estonia
EG 26.8 30.8 20 12 Egypt
ER 15.2 39.8 21 14 Eritrea
ES 40.5 -3.7 12 9 Spain
ET 9.1 40.5 21 16 Ethiopia
FI 61.9 25.7 18 2 Finland
FJ -17.7 178 33 22 Fiji
FM 7.4 150.5 31 16 Micronesia
FR 46.2 2.2 13 6 France
GA -0.8 11.6 15 18 Gabon
GB 54 -2.5 12 3 United Kingdom
GD 12.1 -61.7 7 15 Grenada
GE 42.3 43.4 21 8 Georgia
GH 7.9 -1 13 17 Ghana
GL 71.7 -42.6 9 0 Greenland
GM 13.4 -15.3 10 15 Gambia
GN 9.9 -9.7 11 16 Guinea
GQ 1.7 10.3 15 17 Equatorial Guinea
GR 39.1 21.8 18 9 Greece
GT 15.8 -90.2 2 14 Guatemala
GW 11.8 -15.2 11 15 Guinea-Bissau
GY 4.9 -58.9 8 17 Guyana
HK 22.3 114.2 28 12 Hong Kong
HN 15.2 -86.2 4 14 Honduras
HR 45.1 15.2 16 7 Croatia
HT 19 -72.3 6 13 Haiti
HU 47.2 19.5 17 6 Hungary
ID -0.8 113.9 28 18 Indonesia
IE 53.4 -8.2 11 3 Ireland
IL 31 34.9 19 11 Israel
IN 20.6 79 25 13 India
IQ 33.2 43.7 21 10 Iraq
IR 32.4 53.7 22 10 Iran
IS 65 -19 11 1 Iceland
IT 41.9 12.6 16 8 Italy
JM 18.1 -77.3 5 14 Jamaica
JO 30.6 36.2 20 11 Jordan
JP 36.2 138.3 30 10 Japan
KE 0 37.9 20 18 Kenya
KG 41.2 74.8 24 8 Kyrgyzstan
KH 12.6 105 27 15 Cambodia
KI 1.9 -157.4 0 17 Kiribati
KM -11.9 43.9 21 20 Comoros
KN 17.4 -62.8 7 14 Saint Kitts and Nevis
KP 40.3 127.5 29 9 North Korea
KR 35.9 127.8 29 10 South Korea
KW 29.3 47.5 21 11 Kuwait
KZ 48 66.9 24 5 Kazakhstan
LA 19.9 102.5 27 13 Laos
LB 33.9 35.9 20 10 Lebanon
LC 13.9 -61 9 14 Saint Lucia
LI 47.2 9.6 - - Liechtenstein
LK 7.9 80.8 25 16 Sri Lanka
LR 6.4 -9.4 11 17 Liberia
LS -29.6 28.2 19 23 Lesotho
LT 55.2 23.9 17 3 Lithuania
LU 49.8 6.1 15 5 Luxembourg
LV 56.9 24.6 18 3 Latvia
LY 26.3 17.2 16 12 Libya
MA 31.8 -7.1 12 10 Morocco
MC 43.7 7.4 - - Monaco
MD 47.4 28.4 19 6 Moldova
ME 42.7 19.4 17 8 Montenegro
MG -18.8 46.9 22 22 Madagascar
MH 7.1 171.2 32 16 Marshall Islands
MK 41.6 21.7 17 9 North Macedonia
ML 17.6 -4 12 13 Mali
MM 21.9 96 26 13 Myanmar
MN 46.9 103.8 27 6 Mongolia
MO 22.2 113.5 28 13 Macao
MR 21 -10.9 11 13 Mauritania
MT 35.9 14.4 16 10 Malta
MU -20.3 57.6 23 22 Mauritius
MV 3.2 73.2 24 17 Maldives
MW -13.3 34.3 20 21 Malawi
MX 23.6 -102.6 2 12 Mexico
MY 4.2 102 27 17 Malaysia
MZ -18.7 35.5 20 22 Mozambique
NA -23 18.5 17 22 Namibia
NC -20.9 165.6 32 22 New Caledonia
NE 17.6 8.1 15 13 Niger
NG 9.1 8.7 15 15 Nigeria
NI 12.9 -85.2 3 15 Nicaragua
NL 52.1 5.3 14 4 Netherlands
NO 61.5 8.5 15 2 Norway
NP 28.4 84.1 25 11 Nepal
NR -0.5 166.9 32 18 Nauru
NZ -40.9 174.9 33 25 New Zealand
OM 21.5 55.9 23 13 Oman
PA 8.5 -80.8 5 16 Panama
PE -9.2 -75 6 20 Peru
PF -17.7 -149.4 1 22 French Polynesia
PG -6.3 143.9 30 19 Papua New Guinea
PH 12.9 121.8 29 15 Philippines
PK 30.4 69.3 24 11 Pakistan
PL 51.9 19.1 17 4 Poland
PR 18.2 -66.6 7 13 Puerto Rico
PS 31.9 35.2 19 10 Palestine
PT 39.4 -8.2 11 9 Portugal
PW 7.5 134.6 30 16 Palau
PY -23.4 -58.4 9 22 Paraguay
QA 25.4 51.2 22 12 Qatar
RE -21.1 55.5 23 23 Réunion
RO 45.9 25 18 6 Romania
RS 44 21 18 7 Serbia
RU 61.5 105.3 27 2 Russia
RW -1.9 29.9 19 18 Rwanda
SA 23.9 45.1 21 12 Saudi Arabia
SB -9.6 160.2 32 20 Solomon Islands
SC -4.7 55.5 23 19 Seychelles
SD 12.9 30.2 19 15 Sudan
SE 60.1 16 16 2 Sweden
SG 1.4 103.8 27 18 Singapore
SI 46.2 15 15 7 Slovenia
SK 48.7 19.7 17 5 Slovakia
SL 8.5 -11.8 10 16 Sierra Leone
SM 43.9 12.5 - - San Marino
SN 14.5 -14.5 11 14 Senegal
SO 5.2 46.2 22 17 Somalia
SR 3.9 -56 9 17 Suriname
SS 7 30 19 16 South Sudan
ST 0.2 6.6 14 18 São Tomé and Príncipe
SV 13.8 -88.9 3 14 El Salvador
SY 34.8 39 20 9 Syria
SZ -26.5 31.5 20 23 Eswatini
TD 15.5 18.7 17 14 Chad
TG 8.6 0.8 13 16 Togo
TH 15.9 101 27 14 Thailand
TJ 38.9 71.3 24 9 Tajikistan
TL -8.9 125.7 29 20 Timor-Leste
TM 39 59.6 23 9 Turkmenistan
TN 33.9 9.5 15 10 Tunisia
TO -21.2 -175.2 0 22 Tonga
TR 39 35.2 20 8 Türkiye
TT 10.7 -61.2 8 16 Trinidad and Tobago
TV -7.1 177.6 33 19 Tuvalu
TW 23.7 121 29 12 Taiwan
TZ -6.4 34.9 20 19 Tanzania
UA 48.4 31.2 19 5 Ukraine
UG 1.4 32.3 19 17 Uganda
US 39.8 -98.6 3 9 United States
UY -32.5 -55.8 9 24 Uruguay
UZ 41.4 64.6 23 8 Uzbekistan
VA 41.9 12.5 - - Vatican City
VC 13 -61.2 8 15 Saint Vincent and the Grenadines
VE 6.4 -66.6 7 16 Venezuela
VN 14.1 108.3 28 14 Vietnam
VU -15.4 166.9 32 21 Vanuatu
WS -13.8 -172.1 0 21 Samoa
XK 42.6 20.9 18 8 Kosovo
YE 15.6 48.5 22 14 Yemen
ZA -30.6 22.9 18 23 South Africa
ZM -13.1 27.8 18 21 Zambia
ZW -19 29.2 19 22 Zimbabwe
"""
