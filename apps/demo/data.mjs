// The real data: airports and air routes of the United States, and films, from the npm package vega-datasets
// (BSD-3-Clause). The demo's three tenants are travel agencies: one in the west, one in the middle, one in the east.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const root = path.dirname(createRequire(import.meta.url).resolve('vega-datasets/package.json'))
const read = (name) => readFileSync(path.join(root, 'data', name), 'utf8')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

export const source = { name: manifest.name, version: manifest.version, licence: manifest.license }

// Enough of CSV for these files: quoted fields, no line breaks within them.
function csv(text) {
  const [head, ...lines] = text.trim().split(/\r?\n/).map((line) =>
    [...line.matchAll(/("((?:[^"]|"")*)"|[^,]*)(?:,|$)/g)].map((m) => (m[2] !== undefined ? m[2].replaceAll('""', '"') : m[1])))
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])))
}

export const airports = csv(read('airports.csv')).map((row) => ({
  state: row.state || 'none', iata: row.iata, type: 'airport', name: row.name, city: row.city, country: row.country,
  position: { latitude: Number(row.latitude), longitude: Number(row.longitude) },
}))

const airportByCode = new Map(airports.map((airport) => [airport.iata, airport]))

export const routes = csv(read('flights-airport.csv')).map((row) => ({
  origin: row.origin, destination: row.destination, type: 'route', flights: Number(row.count),
  codes: new Set([row.origin, row.destination]),
}))

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
export const films = JSON.parse(read('movies.json')).map((film, i) => {
  const [month, day, year] = String(film['Release Date'] ?? '').split(' ')
  const item = {
    genre: film['Major Genre'] ?? 'Other', id: `${film.Title ?? 'Untitled'}#${i}`, type: 'film', title: String(film.Title ?? 'Untitled'),
    in_cinemas: film['US Gross'] !== null, grossed: { us: film['US Gross'], worldwide: film['Worldwide Gross'] },
  }
  if (months.includes(month)) item.released = `${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-${day.padStart(2, '0')}`
  if (film.Director) item.director = film.Director
  if (film['IMDB Rating'] !== null) item.rating = film['IMDB Rating']
  return item
})

// West of the Rocky Mountains, the middle, and the east; whatever has no known place is the middle's.
function regionOf(code) {
  const longitude = airportByCode.get(code)?.position.longitude
  return longitude < -104 ? 'west' : longitude > -87 ? 'east' : 'middle'
}

export function dataOf(region) {
  const third = { west: 0, middle: 1, east: 2 }[region]
  return {
    Airports: airports.filter((airport) => regionOf(airport.iata) === region),
    Routes: routes.filter((route) => regionOf(route.origin) === region),
    Films: films.filter((_, i) => i % 3 === third),
  }
}

const text = (name) => ({ AttributeName: name, AttributeType: 'S' })
const numeric = (name) => ({ AttributeName: name, AttributeType: 'N' })
const key = (hash, range) => [
  { AttributeName: hash, KeyType: 'HASH' }, ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : [])]
const all = { ProjectionType: 'ALL' }

// What the applications' own deployment would say: plain CreateTable requests.
export const travelTables = [
  { TableName: 'Airports', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [text('state'), text('iata')],
    KeySchema: key('state', 'iata') },
  { TableName: 'Routes', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [text('origin'), text('destination'), numeric('flights')],
    KeySchema: key('origin', 'destination'),
    LocalSecondaryIndexes: [{ IndexName: 'busiest', KeySchema: key('origin', 'flights'), Projection: all }],
    GlobalSecondaryIndexes: [{ IndexName: 'arrivals', KeySchema: key('destination', 'flights'), Projection: all }] },
]
export const filmTables = [
  { TableName: 'Films', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [text('genre'), text('id'), text('director'), numeric('rating')],
    KeySchema: key('genre', 'id'),
    GlobalSecondaryIndexes: [{ IndexName: 'by-director', KeySchema: key('director', 'rating'), Projection: all }] },
]
