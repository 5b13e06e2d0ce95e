"""What an operator or a script does through the AWS CLI."""
import json
import time

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def make(aws, name):
    aws("create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST", "--attribute-definitions",
        "AttributeName=Artist,AttributeType=S", "AttributeName=Song,AttributeType=S", "--key-schema",
        "AttributeName=Artist,KeyType=HASH", "AttributeName=Song,KeyType=RANGE")
    time.sleep(0.5)  # the CLI's waiters look every 20 s
    aws("wait", "table-exists", "--table-name", name)


@scenario
def items(aws, folder):
    make(aws, "CliItems")
    item = {"Artist": {"S": "Nina"}, "Song": {"S": "Feeling Good"}, "Plays": {"N": "7"}, "Live": {"BOOL": False}}
    (folder / "item.json").write_text(json.dumps(item))
    put = aws("put-item", "--table-name", "CliItems", "--item", "file://item.json", "--return-consumed-capacity", "TOTAL")
    key = json.dumps({name: item[name] for name in ("Artist", "Song")})
    updated = aws("update-item", "--table-name", "CliItems", "--key", key, "--update-expression", "ADD Plays :n SET #y = :y",
                  "--expression-attribute-names", '{"#y": "Year"}', "--expression-attribute-values",
                  '{":n": {"N": "1"}, ":y": {"N": "1965"}}', "--return-values", "UPDATED_NEW")
    got = aws("get-item", "--table-name", "CliItems", "--key", key, "--consistent-read", "--projection-expression", "Plays, Live")
    refused = aws("put-item", "--table-name", "CliItems", "--item", "file://item.json", "--condition-expression",
                  "attribute_not_exists(Artist)", fails=True)
    unknown = aws("get-item", "--table-name", "Nowhere", "--key", key, fails=True)
    return dict(put=put, updated=updated, got=got, refused=refused, unknown=unknown)


@scenario
def pages(aws, folder):
    make(aws, "CliPages")
    (folder / "batch.json").write_text(json.dumps({"CliPages": [
        {"PutRequest": {"Item": {"Artist": {"S": "A"}, "Song": {"S": f"{n:02}"}}}} for n in range(25)]}))
    wrote = aws("batch-write-item", "--request-items", "file://batch.json")
    query = ("query", "--table-name", "CliPages", "--key-condition-expression", "Artist = :a",
             "--expression-attribute-values", '{":a": {"S": "A"}}', "--page-size", "4")
    first = aws(*query, "--max-items", "10")
    rest = aws(*query, "--starting-token", first["NextToken"])
    scanned = aws("scan", "--table-name", "CliPages", "--page-size", "9", "--query", "Count")
    songs = [item["Song"]["S"] for page in (first, rest) for item in page["Items"]]
    return dict(wrote=wrote, songs=songs, scanned=scanned)


@scenario
def tables(aws, folder):
    make(aws, "CliTables")
    described = aws("describe-table", "--table-name", "CliTables")
    listed = aws("list-tables", "--query", "contains(TableNames, `CliTables`)")
    limits = aws("describe-limits")
    (folder / "transaction.json").write_text(json.dumps([
        {"Put": {"TableName": "CliTables", "Item": {"Artist": {"S": "A"}, "Song": {"S": s}}}} for s in ("1", "2")]))
    aws("transact-write-items", "--transact-items", "file://transaction.json")
    counted = aws("scan", "--table-name", "CliTables", "--select", "COUNT")
    deleted = aws("delete-table", "--table-name", "CliTables", "--query", "TableDescription.TableStatus")
    time.sleep(0.5)
    aws("wait", "table-not-exists", "--table-name", "CliTables")
    return dict(described=described, listed=listed, limits=limits, counted=counted, deleted=deleted)
