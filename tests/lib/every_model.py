"""A test whose tenants are served by each partition model."""
import unittest

from insula import MODELS, Server


class EveryModelTest(unittest.TestCase):
    """`server` runs for the whole class. It has a service `s-MODEL` for each model, whose tenants are TENANTS, with a table
    of their own each where TABLE is given (CreateTable's parameters); `keys[model, tenant]` are their credentials."""

    TENANTS = ("acme", "globex")
    TABLE = None

    @classmethod
    def make_server(cls):
        return Server()

    @classmethod
    def setUpClass(cls):
        cls.server = cls.make_server()
        cls.server.start()
        cls.keys = {}
        for model in MODELS:
            cls.server.make_service(f"s-{model}", model, tenants=cls.TENANTS)
            for tenant in cls.TENANTS:
                key = cls.keys[model, tenant] = cls.server.tenant_credentials("prod", f"s-{model}", tenant)
                if cls.TABLE:
                    cls.server.create_table(key, **cls.TABLE)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
