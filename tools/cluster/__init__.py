"""The topology of docker-compose.yml on one machine, from Debian's packages: `make cluster`, and what its tests drive.

with Cluster.made(folder, base_port=18000) as cluster:
    cluster.start()
    cluster.kill("node-1")
"""
