#!/usr/bin/env bash
# cpca 0.5.5, addressparser 0.2.4 (both Python) and zh-address-parse 1.3.16 (Node): an address in Beijing's 朝阳区.
#
# Callers begin with the district, or with the street. Given 朝阳区望京街道三号楼, cpca answers Changchun's 朝阳区 in
# 吉林省, zh-address-parse the city 朝阳市 in 辽宁省 (the detail then begins with 区), addressparser Beijing. Given
# 八里庄街道朝阳路 cpca answers 朝阳市 too, after the name of the road; the others leave it open. With 北京市 in front all
# three are right. cpca's `umap` settles the district's name, but not the road's.
#
# For whoever places orders by such a library: they give one province, not several and no doubt. A hotline knows its own
# city; put the city in front before you ask, or look only among your own units.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv &&
    venv/bin/pip install -qq cpca==0.5.5 addressparser==0.2.4 pandas==3.1.1 six==1.17.0 setuptools==81.0.0 &&
    npm install --loglevel=error --no-audit --no-fund --prefix . zh-address-parse@1.3.16 >/dev/null ||
    { echo "Could not install the packages." >&2; exit 2; }

cat > spoken.txt <<'TEXT'
朝阳区望京街道三号楼
八里庄街道朝阳路
北京市朝阳区望京街道三号楼
北京市朝阳区八里庄街道朝阳路
TEXT
cat > places.py <<'PYTHON'
from pathlib import Path
import addressparser, cpca

def show(name, table):
    for row in table.fillna("").values.tolist():
        print(name, " ".join(part or "-" for part in row[:4]))

spoken = Path("spoken.txt").read_text(encoding="utf-8").splitlines()
show("cpca:", cpca.transform(spoken))
show("cpca with umap:", cpca.transform(spoken[:2], umap={"朝阳区": "110105"}))
show("addressparser:", addressparser.transform(spoken))
PYTHON
cat > places.js <<'NODE'
const parse = require("zh-address-parse").default || require("zh-address-parse");
for (const spoken of require("fs").readFileSync("spoken.txt", "utf8").trim().split("\n")) {
  const found = parse(spoken);
  console.log("zh-address-parse:", ["province", "city", "area", "detail"].map((part) => found[part] || "-").join(" "));
}
NODE

seen=$(venv/bin/python -W ignore places.py && node places.js) || true
expected='cpca: 吉林省 长春市 朝阳区 望京街道三号楼
cpca: 辽宁省 朝阳市 - 路
cpca: 北京市 市辖区 朝阳区 望京街道三号楼
cpca: 北京市 市辖区 朝阳区 八里庄街道朝阳路
cpca with umap: 北京市 市辖区 朝阳区 望京街道三号楼
cpca with umap: 辽宁省 朝阳市 - 路
addressparser: 北京市 北京市 朝阳区 望京街道三号楼
addressparser: - - - 八里庄街道朝阳路
addressparser: 北京市 北京市 朝阳区 望京街道三号楼
addressparser: 北京市 北京市 朝阳区 八里庄街道朝阳路
zh-address-parse: 辽宁省 朝阳市 - 区望京街道三号楼
zh-address-parse: - - - 八里庄街道朝阳路
zh-address-parse: 北京市 北京市 朝阳区 望京街道三号楼
zh-address-parse: 北京市 北京市 朝阳区 八里庄街道朝阳路'

echo "$seen"
[ "$seen" = "$expected" ] && echo "Still as described." && exit 0
printf 'This has changed. It used to be:\n%s\n' "$expected"
exit 1
